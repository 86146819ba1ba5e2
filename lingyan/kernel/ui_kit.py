"""The page /ui/ (development only): every widget in every state, with sample data and forms that are accepted, sent back, refused and crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lingyan.kernel.access import public
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused

# The words below are samples of what pages say; they are not translated.


class KitForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="什么事", max_length=60, help_text="一句话，像跟人说话那样。")
    words = forms.CharField(label="原话", widget=forms.Textarea(attrs={"rows": 3, "class": "song"}), required=False)
    grid = forms.ChoiceField(label="哪个网格", choices=[("", "没选"), ("1", "一网格"), ("2", "二网格")])
    nature = forms.ChoiceField(
        label="性质", choices=[("help", "求助"), ("complaint", "投诉"), ("advice", "建议")], widget=forms.RadioSelect, help_text="拿不准就选求助。"
    )
    helpers = forms.MultipleChoiceField(label="协办", choices=[("traffic", "交通"), ("power", "电力")], widget=forms.CheckboxSelectMultiple, required=False)
    due = forms.DateField(label="到期日", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    secret = forms.BooleanField(label="请保密，不告诉我的单位", required=False)


class KitNote(forms.Form):
    """A form that keeps what is typed."""

    note = forms.CharField(label="记一笔", min_length=4, widget=forms.Textarea(attrs={"rows": 3, "class": "song"}))


WEEK = [True, True, True, False, False, True, True, True]
CLOCKS = [
    {
        "sentence": "还有 2 个工作日",
        "side": "在 住建·傅工",
        "kind": "hand",
        "days": WEEK,
        "used_to": 5.3,
        "now": 5.3,
        "due": 7.0,
        "ticks": ["18日", "现在", "25日 09:20 前"],
    },
    {"sentence": "剩 4 小时", "side": "在 电力·小应", "kind": "near", "days": WEEK, "used_to": 6.6, "now": 6.6, "due": 7.0},
    {"sentence": "超 1 天", "side": "在 生态环境·裘科", "kind": "over", "days": WEEK, "used_to": 7.6, "now": 7.6, "due": 7.0},
]
PAIR = [
    {"label": "先联系", "sentence": "38 分钟打了电话", "side": "限 1 个工作日", "kind": "done", "days": [True] * 10, "used_to": 0.8, "now": None, "due": 10.0},
    {
        "label": "办结",
        "sentence": "不到 4 个工作日",
        "side": "限 5 个工作日",
        "kind": "done",
        "days": WEEK,
        "used_to": 5.85,
        "now": 6.3,
        "due": 7.0,
        "ticks": ["18日 三", "周末不算", "25日 09:20 到期"],
    },
]
STATES = [
    ("wait", "等签收", ""),
    ("hand", "在办", ""),
    ("near", "剩 4 小时", ""),
    ("over", "超 1 天半", ""),
    ("said", "待您确认", ""),
    ("done", "已解决", ""),
    ("told", "已说明，不能解决", ""),
]
COLOURS = [
    ("纸", "bg-base-100"),
    ("桌面", "bg-base-200"),
    ("墨", "bg-base-content"),
    ("淡墨", "bg-soft"),
    ("松绿", "bg-primary"),
    ("封皮", "bg-neutral"),
    ("灯", "bg-accent"),
    ("格线", "bg-rule"),
]
ROWS = [
    {
        "margin": "09:10",
        "title": "澜石精密模具",
        "lines": ["写好了：1 件诉求、2 个数字"],
        "url": "#r1",
        "state": {"kind": "done", "text": "走完"},
        "past": True,
    },
    {
        "margin": "10:40",
        "title": "铭岳压铸",
        "aside": "兴业路 18 号",
        "lines": ["问：新压铸机的付款日期。就差这一项，设备贴息便能算准"],
        "url": "#r2",
        "now": True,
    },
    {
        "kind": "over",
        "title": "启铖机械：宿舍热水断了两天",
        "lines": ["上周五 16:30 到期，还在住建手上"],
        "url": "#r3",
        "state": {"kind": "over", "text": "超 1 天半"},
    },
    {"kind": "said", "title": "澜石模具：职称评定材料", "lines": ["人社说办好了，请您回访"], "url": "#r4", "state": {"kind": "said", "text": "待回访"}},
    {"icon": "phone", "title": "老秦", "tag": "下沉干部", "lines": ["经信，上午好找"]},
]
CASES = [
    ("0131", "footprints", "宿舍热水断了两天", "启铖机械", "住建·傅工", "over", "超 1 天半", "20日 16:30"),
    ("0134", "footprints", "货车占道，员工进不来", "铭岳压铸", "还没派", "wait", "等派单", "今天 12:40"),
    ("0129", "qr-code", "用电增容，春节前要投产", "辰禾热处理", "电力·班长小应", "near", "剩 4 小时", "今天 15:10"),
    ("0132", "message-circle", "高级工程师评定缺论文怎么办", "澜石精密模具", "人社·楼姐", "said", "待回访", "12月1日"),
    ("0125", "phone", "叉车证复审在哪里办", "启铖机械", "社区·许可", "done", "已解决", "9 分钟"),
]
NUMBERS = [
    ("在办诉求", "61", "看名单", ""),
    ("超时限", "3", "都在部门", "over"),
    ("快到时限", "5", "48 小时内", "near"),
    ("等企业确认", "7", "最久 9 天", ""),
    ("过 30 天没去", "6", "78 家里", ""),
    ("本月兑现", "1,286 万", "23 家企业", ""),
]


def timeline() -> list[dict[str, Any]]:
    moment = now()
    return [
        {"day": "现在", "title": "等您确认", "now": True},
        {
            "at": moment - timedelta(days=1),
            "title": "住建：办结",
            "text": "划线 60 米、立牌 2 块、早高峰值守到 12月31日",
            "kind": "said",
            "url": "#photos",
            "link": "看照片 2 张",
        },
        {"at": moment - timedelta(days=4), "title": "交通（协办）答复", "text": "货车早高峰改走兴业路，已通知 6 家物流"},
        {"at": moment - timedelta(days=40), "title": "您说的", "say": "早上货车一排到底，员工的电瓶车进不来，能不能管管？"},
    ]


def filters(request: HttpRequest) -> dict[str, Any]:
    chosen = request.GET.get("grid", "")
    return {
        "chips": [
            {"label": "要我动手", "url": "?show=mine", "on": request.GET.get("show", "mine") == "mine", "count": 12},
            {"label": "超时限", "url": "?show=over", "on": request.GET.get("show") == "over", "count": 3},
            {"label": "全部", "url": "?show=all", "on": request.GET.get("show") == "all", "count": 61},
        ],
        "selects": [
            {
                "name": "grid",
                "label": "网格",
                "options": [{"value": value, "label": label, "selected": value == chosen} for value, label in [("", "全部"), ("1", "一网格"), ("2", "二网格")]],
            }
        ],
        "keep": {"show": request.GET.get("show", "mine")},
        "sort": {"label": "按到期排", "url": "?sort=due"},
    }


def wrong_form() -> KitForm:
    form = KitForm({"title": "", "nature": "", "words": "门口货车排队", "due": "2026-02-31", "grid": "9"})
    form.add_error(None, "到期日早于今天。写的字还在，请改日期。")
    return form


@public
def ui_kit(request: HttpRequest) -> HttpResponse:
    note = KitNote(request.POST or None)
    if request.method == "POST":
        what = request.POST.get("what", "accept")
        if what == "refuse":
            raise Refused("sample.refused", "这一件昨天已经结案。要接着办，请先点重办。")
        if what == "crash":
            raise RuntimeError("a sample crash")
        if note.is_valid():
            messages.success(request, "记下了，排在铭岳的一企一档里。")
            return redirect(request.path)
    context = {
        "note": note,
        "form": KitForm(),
        "wrong": wrong_form(),
        "states": STATES,
        "colours": COLOURS,
        "clocks": CLOCKS,
        "pair": PAIR,
        "rows": ROWS,
        "steps": timeline(),
        "cases": CASES,
        "numbers": NUMBERS,
        "filters": filters(request),
        "page": Paginator(range(61), 21).get_page(request.GET.get("page", 2)),
        "tabs": [
            {"label": "基本", "url": "#", "current": True, "count": None},
            {"label": "诉求", "url": "#", "count": 17},
            {"label": "政策", "url": "#", "count": 5},
        ],
        "path": [
            {"label": "写", "state": "done"},
            {"label": "核对", "state": "done"},
            {"label": "派单", "state": "now", "note": "选主办"},
            {"label": "签收", "state": "todo"},
            {"label": "确认", "state": "todo"},
        ],
        "loosen": [{"label": "网格：二网格", "url": "?"}, {"label": "超时限", "url": "?"}],
        "moments": [
            now(),
            now() - timedelta(days=1),
            now() + timedelta(days=1),
            now() - timedelta(days=12),
            now() - timedelta(days=60),
            now() - timedelta(days=500),
        ],
        "sums": [1250, 18_600_000_00, 643_000_00, 173_0000_0000_00, 99],
        "lengths": [38, 240, 720, 1440, -720],
    }
    return render(request, "kernel/ui_kit.html", context, status=422 if request.method == "POST" else 200)
