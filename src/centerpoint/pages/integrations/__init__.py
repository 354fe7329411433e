"""Settings > Integrations > QuickBooks Desktop: activate, connect, choose, pause, and the Web Connector's password."""

from centerpoint.pages.integrations import card, connect, options, password

urls = [*card.urls, *connect.urls, *options.urls, *password.urls]
