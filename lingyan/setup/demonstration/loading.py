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
        raise Refused("demonstration.production", "生产模式不载入演示社区：里面的人物任何人都能冒用。要看演示，请用另一个数据文件夹，设 LINGYAN_MODE=demonstration。")
    load, acts = begun()
    if load.finished_at:
        return False
    if load.next_act:
        say(f"上次载入到一半，从第 {load.next_act + 1} 步接着来。")
    started, stage, chapter = monotonic(), new_stage(), ""
    while (act := next_act(acts)) is not None:
        if act.chapter != chapter:
            chapter = act.chapter
            say(f"· {chapter}……")
        perform(acts, act, stage)
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


def next_act(acts: list[Act]) -> Act | None:
    place = DemonstrationLoad.objects.values_list("next_act", flat=True).get()
    return acts[place] if place < len(acts) else None


def perform(acts: list[Act], act: Act, stage: Stage) -> None:
    """Do one act and note that it is done, in one transaction; nothing when somebody else has done it meanwhile."""
    with transaction.atomic():
        load = DemonstrationLoad.objects.select_for_update().get()
        if load.next_act >= len(acts) or acts[load.next_act] is not act:
            return
        with clock.at(act.at), via("command"):
            act.do(stage)
        load.next_act += 1
        if load.next_act == len(acts):
            load.finished_at = clock.now()
        load.save(update_fields=["next_act", "finished_at"])
