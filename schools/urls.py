"""Addresses of tenancy."""

from django.urls import path

from schools import views

app_name = "schools"
urlpatterns = [
    path("", views.start, name="start"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("invitations/<uuid:pk>/accept/", views.invitation_accept, name="invitation_accept"),
    path("invitations/<uuid:pk>/decline/", views.invitation_decline, name="invitation_decline"),
    path("s/<slug:slug>/learners/search/", views.learner_search, name="learner_search"),
    path("s/<slug:slug>/drafts/", views.draft_save, name="draft_save"),
    path("s/<slug:slug>/people/", views.member_list, name="member_list"),
    path("s/<slug:slug>/people/new/", views.member_create, name="member_create"),
    path("s/<slug:slug>/people/<uuid:pk>/", views.member_detail, name="member_detail"),
    path("s/<slug:slug>/people/<uuid:pk>/post/", views.post_give, name="post_give"),
    path("s/<slug:slug>/people/<uuid:pk>/end/", views.member_end, name="member_end"),
    path("s/<slug:slug>/people/<uuid:pk>/invite/", views.member_invite_again, name="member_invite_again"),
    path("s/<slug:slug>/posts/<uuid:pk>/end/", views.post_end, name="post_end"),
    path("s/<slug:slug>/set-up/", views.setup, name="setup"),
    path("s/<slug:slug>/set-up/words/<slug:key>/", views.word_edit, name="word_edit"),
    path("s/<slug:slug>/set-up/rules/<slug:key>/", views.rule_edit, name="rule_edit"),
]
