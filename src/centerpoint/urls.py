from django.urls import path
from django.views.generic import RedirectView

from centerpoint.quickbooks.webconnector.qwc import SUPPORT_PATH

# What a browser finds so far; the Web Connector's own addresses are answered before Django (wsgi.py).
urlpatterns = [path("", RedirectView.as_view(url=SUPPORT_PATH))]
