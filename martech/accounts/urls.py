"""Signing in and one's own account. The names are allauth's where allauth looks for them."""

from django.urls import path, re_path

from martech.accounts.views import me, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("password/reset/", sign_in.AskReset.as_view(), name="account_reset_password"),
    path("password/reset/sent/", sign_in.ResetAsked.as_view(), name="account_reset_password_done"),
    path("password/reset/done/", sign_in.PasswordSet.as_view(), name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9a-z]+)-(?P<key>[\w-]+)/$",
        sign_in.SetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/change/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("me/", me.profile, name="me"),
    path("me/theme/", me.theme, name="me_theme"),
    path("me/sessions/", me.sessions, name="usersessions_list"),
    path("me/sessions/end-others/", me.end_other_sessions, name="me_end_other_sessions"),
    path("me/sessions/<int:key>/end/", me.end_session, name="me_end_session"),
    path("me/tokens/", me.tokens, name="me_tokens"),
    path("me/tokens/new/", me.new_token, name="me_new_token"),
    path("me/tokens/<int:key>/retire/", me.retire_token, name="me_retire_token"),
]
