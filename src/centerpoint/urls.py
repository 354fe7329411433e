"""The Web Connector's own addresses are answered before Django (wsgi.py); everything else is a page."""

from django.urls import include, path

urlpatterns = [path("", include("centerpoint.pages.urls"))]
