from django.urls import path

from programme import cohort_views, phones_views, views, waiting_views

urlpatterns = [
    path("help/", views.help_for_me, name="help-for-me"),
    path("people/", views.people_list, name="people-list"),
    path("people/kept/", waiting_views.waiting_list, name="waiting-list"),
    path("people/kept/<int:entry>/", waiting_views.waiting_decide, name="waiting-decide"),
    path("people/phones/", phones_views.phones, name="phones"),
    path("people/phones/lost/", phones_views.lost_list, name="lost-list"),
    path("people/phones/lost/<int:phone>/", phones_views.lost_phone, name="lost-phone"),
    path("people/phones/<uuid:person>/", phones_views.phones_of_person, name="phones-of-person"),
    path("phones/", phones_views.my_phones, name="my-phones"),
    path("people/cohorts/", cohort_views.cohorts, name="cohorts"),
    path("people/cohorts/<int:cohort>/", cohort_views.cohort_move, name="cohort-move"),
    path("people/new/", views.people_new, name="people-new"),
    path("people/<uuid:term>/slip/", views.slip, name="slip"),
    path("people/<uuid:term>/leave/", views.term_leave, name="term-leave"),
    path("people/<uuid:term>/move/", views.term_move, name="term-move"),
    path("people/<uuid:term>/pair/", views.term_pair, name="term-pair"),
    path("people/<uuid:term>/extend/", views.term_extend, name="term-extend"),
    path("people/<uuid:term>/end/", views.term_end, name="term-end"),
]
