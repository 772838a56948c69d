"""Addresses of tenancy."""

from django.urls import path

from schools.views import agencies, entry, people, setup

app_name = "schools"
urlpatterns = [
    path("", entry.start, name="start"),
    path("invitation/<str:token>/", entry.invitation, name="invitation"),
    path("invitations/<uuid:pk>/accept/", entry.invitation_accept, name="invitation_accept"),
    path("invitations/<uuid:pk>/decline/", entry.invitation_decline, name="invitation_decline"),
    path("s/<slug:slug>/learners/search/", entry.learner_search, name="learner_search"),
    path("s/<slug:slug>/drafts/", entry.draft_save, name="draft_save"),
    path("s/<slug:slug>/people/", people.member_list, name="member_list"),
    path("s/<slug:slug>/people/new/", people.member_create, name="member_create"),
    path("s/<slug:slug>/people/<uuid:pk>/", people.member_detail, name="member_detail"),
    path("s/<slug:slug>/people/<uuid:pk>/post/", people.post_give, name="post_give"),
    path("s/<slug:slug>/people/<uuid:pk>/end/", people.member_end, name="member_end"),
    path("s/<slug:slug>/people/<uuid:pk>/invite/", people.member_invite_again, name="member_invite_again"),
    path("s/<slug:slug>/posts/<uuid:pk>/end/", people.post_end, name="post_end"),
    path("s/<slug:slug>/contacts/", agencies.agency_list, name="agency_list"),
    path("s/<slug:slug>/contacts/new/", agencies.agency_create, name="agency_create"),
    path("s/<slug:slug>/contacts/<uuid:pk>/", agencies.agency_edit, name="agency_edit"),
    path("s/<slug:slug>/contacts/<uuid:pk>/remove/", agencies.agency_remove, name="agency_remove"),
    path("s/<slug:slug>/set-up/", setup.setup, name="setup"),
    path("s/<slug:slug>/set-up/words/<slug:key>/", setup.word_edit, name="word_edit"),
    path("s/<slug:slug>/set-up/rules/<slug:key>/", setup.rule_edit, name="rule_edit"),
]
