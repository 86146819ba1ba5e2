from django.urls import path

from lingyan.registry.views import communities, contacts, enterprises

app_name = "registry"
urlpatterns = [
    path("enterprises/", enterprises.enterprise_list, name="enterprises"),
    path("enterprises/add/", enterprises.enterprise_create, name="enterprise_create"),
    path("enterprises/<int:enterprise_id>/", enterprises.enterprise_detail, name="enterprise"),
    path("enterprises/<int:enterprise_id>/change/", enterprises.enterprise_change, name="enterprise_change"),
    path("enterprises/<int:enterprise_id>/micro-grids/add/", enterprises.micro_grid_create, name="micro_grid_create"),
    path("enterprises/<int:enterprise_id>/contacts/", contacts.contact_list, name="contacts"),
    path("enterprises/<int:enterprise_id>/persons/<int:person_id>/mobile/", contacts.mobile_reveal, name="mobile_reveal"),
    path("enterprises/contacts/<int:contact_id>/end/", contacts.contact_end, name="contact_end"),
    path("communities/", communities.community_list, name="communities"),
    path("communities/add/", communities.community_create, name="community_create"),
    path("communities/<int:community_id>/", communities.community_detail, name="community"),
    path("communities/<int:community_id>/change/", communities.community_change, name="community_change"),
    path("communities/<int:community_id>/grids/add/", communities.grid_create, name="grid_create"),
    path("communities/grids/<int:grid_id>/change/", communities.grid_change, name="grid_change"),
    path("departments/", communities.department_list, name="departments"),
    path("departments/<int:department_id>/change/", communities.department_change, name="department_change"),
]
