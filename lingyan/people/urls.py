from django.urls import path

from lingyan.people.views import me, persons, sign_in

app_name = "people"
urlpatterns = [
    path("persons/", persons.person_list, name="list"),
    path("persons/add/", persons.person_add, name="add"),
    path("persons/<int:person_id>/", persons.person_detail, name="detail"),
    path("persons/<int:person_id>/grant/", persons.membership_grant, name="grant"),
    path("persons/<int:person_id>/invite/", persons.person_invite, name="invite"),
    path("persons/<int:person_id>/unlock/", persons.person_unlock, name="unlock"),
    path("persons/<int:person_id>/totp/remove/", persons.person_totp_remove, name="totp_remove_of"),
    path("persons/<int:person_id>/disable/", persons.person_disable, name="disable"),
    path("persons/<int:person_id>/enable/", persons.person_enable, name="enable"),
    path("persons/<int:person_id>/mobile/", persons.person_mobile, name="mobile"),
    path("memberships/<int:membership_id>/end/", persons.membership_end, name="membership_end"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/persona/<int:person_id>/", sign_in.sign_in_persona, name="sign_in_persona"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("invitation/", sign_in.invitation_open, name="invitation_open"),
    path("invitation/<str:secret>/", sign_in.invitation, name="invitation"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password_change, name="password_change"),
    path("me/totp/", me.totp, name="totp"),
    path("me/totp/remove/", me.totp_remove, name="totp_remove"),
    path("me/recovery-codes/", me.recovery_codes, name="recovery_codes"),
    path("me/sessions/", me.sessions, name="sessions"),
    path("me/sessions/<int:session_id>/end/", me.session_end, name="session_end"),
    path("me/sessions/end-others/", me.sessions_end_others, name="sessions_end_others"),
]
