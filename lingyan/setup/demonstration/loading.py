"""Loading the demonstration: act after act, each in a short transaction of its own, visibly; a loading that was interrupted goes on."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.db import IntegrityError, transaction

from lingyan.kernel import clock
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import via
from lingyan.registry.reads import has_district
from lingyan.setup.demonstration.script import Act, new_stage, script
from lingyan.setup.demonstration.stage import Stage
from lingyan.setup.models import DemonstrationLoad

Say = Callable[[str], None]


def load_demonstration(say: Say) -> bool:
    """Load the demonstration, or what is still missing of it. False when it was all there already.

    Raises Refused in production, where a real district is, and when an interrupted loading was begun by another version.
    """
    if settings.PRODUCTION:
        raise Refused(
            "demonstration.production", "生产模式不载入演示社区：里面的人物任何人都能冒用。要看演示，请用另一个数据文件夹，设 LINGYAN_MODE=demonstration。"
        )
    load, acts = begun()
    if load.finished_at:
        return False
    if load.next_act:
        say(f"上次载入到一半，从第 {load.next_act + 1} 步接着来。")
    started, stage, chapter, place = monotonic(), new_stage(), "", load.next_act
    while place < len(acts):
        if acts[place].chapter != chapter:
            chapter = acts[place].chapter
            say(f"· {chapter}……")
        place = perform(acts, place, stage)
    say(f"演示社区已载入，{len(acts)} 步，{monotonic() - started:.0f} 秒。")
    return True


def begun() -> tuple[DemonstrationLoad, list[Act]]:
    """The loading, begun now unless it was before, and its script."""
    load = DemonstrationLoad.objects.first()
    if load is None:
        if has_district():
            raise Refused("demonstration.not_empty", "这里已经建立了真实的区，不能再载入演示社区；什么都没有改动。")
        told_at = clock.now()
        act_count = len(script(told_at))
        try:
            with transaction.atomic():
                load = DemonstrationLoad.objects.create(pk=1, told_at=told_at, act_count=act_count)
        except IntegrityError:  # somebody began at the same moment
            load = DemonstrationLoad.objects.get()
    acts = script(load.told_at) if load.finished_at is None else []
    if acts and len(acts) != load.act_count:
        raise Refused("demonstration.version", "上次没有载入完，而程序已换了版本，接不上了。请删除这个演示数据库，重新载入。")
    return load, acts


def perform(acts: list[Act], place: int, stage: Stage) -> int:
    """Do the act at `place` and note that it is done, in one transaction; nothing when somebody else has done it meanwhile. Says which place is next.

    A slow act would keep others from writing: it is done before, in a transaction of its own, and is safe to do twice.
    """
    is_slow = getattr(acts[place].do, "is_slow", False)
    if is_slow:
        do(acts[place], stage)
    with transaction.atomic():
        load = DemonstrationLoad.objects.select_for_update().get()
        if load.next_act != place:
            return load.next_act
        if not is_slow:
            do(acts[place], stage)
        load.next_act += 1
        if load.next_act == len(acts):
            load.finished_at = clock.now()
        load.save(update_fields=["next_act", "finished_at"])
    return load.next_act


def do(act: Act, stage: Stage) -> None:
    with clock.at(act.at), via("command"):
        act.do(stage)
