from django.urls import path

from lingyan.cases.views import acting, asking, feedback, reading

app_name = "cases"
urlpatterns = [
    path("", reading.case_list, name="list"),
    path("raise/", asking.request_raise, name="raise"),
    path("register/", asking.request_register, name="register"),
    path("<int:case_id>/", reading.case_detail, name="detail"),
    path("<int:case_id>/preview/", reading.case_preview, name="preview"),
    path("<int:case_id>/dispatch/", acting.case_dispatch, name="dispatch"),
    path("<int:case_id>/support/", acting.case_support, name="support"),
    path("<int:case_id>/on-site/", acting.case_on_site, name="on_site"),
    path("<int:case_id>/confirm/", acting.case_confirm, name="confirm"),
    path("<int:case_id>/refuse/", acting.case_refuse, name="refuse"),
    path("<int:case_id>/rate/", acting.case_rate, name="rate"),
    path("<int:case_id>/remark/", acting.case_remark, name="remark"),
    path("<int:case_id>/remind/", acting.case_remind, name="remind"),
    path("<int:case_id>/phone/", acting.case_phone, name="phone"),
    path("<int:case_id>/asker/", acting.case_asker, name="asker"),
    path("dispatches/<int:dispatch_id>/acknowledge/", acting.dispatch_acknowledge, name="acknowledge"),
    path("dispatches/<int:dispatch_id>/answer/", acting.dispatch_answer, name="answer"),
    path("dispatches/<int:dispatch_id>/return/", acting.dispatch_return, name="return"),
    path("feedback/", feedback.feedback_send, name="feedback"),
    path("feedback/mine/", feedback.feedback_mine, name="feedback_mine"),
    path("feedback/inbox/", feedback.feedback_inbox, name="feedback_inbox"),
    path("feedback/<int:feedback_id>/answer/", feedback.feedback_answer, name="feedback_answer"),
]
