"""The company file of the emulated QuickBooks Desktop: state and rules. Never sees XML."""

from qbemulator.company_file.books import CompanyFile
from qbemulator.company_file.refusals import Refused

__all__ = ["CompanyFile", "Refused"]
