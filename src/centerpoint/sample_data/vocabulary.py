"""DATA: the words, prices and places that sample data is made of. All of it is invented."""

from dataclasses import dataclass
from decimal import Decimal

from centerpoint.billing.models import LineKind

# Names that need care on their way into QuickBooks: longer than 41 characters, with a colon, an accent, an ampersand or
# typographic marks, or hardly different from the one beside them.
DIFFICULT_NAMES = (
    ("Greater Hill Country Regional Medical Center and Clinics", "Medical"),
    ("Westlake Independent School District: Facilities Department", "School"),
    ("Pflugerville Community Church of the Good Shepherd", "Church"),
    ("Oak Hollow Condominium Owners Association, Inc.", "HOA"),
    ("Oak Hollow Condominium Owners Association II, Inc.", "HOA"),
    ("Peña & Söhne Bäckerei", "Restaurant"),
    ("Café Olé", "Restaurant"),
    ("St. Mark's Lutheran Church", "Church"),
    ("Saint Marks Lutheran Church", "Church"),
    ("Barton Creek Storage: Unit Group A", "Storage"),
    ("Lakeway Marina & Yacht Club", "Retail"),
    ("Núñez, Ortega & Partners LLP – Real Estate Holdings", "Property management"),
    ("Smith Brothers Roofing Supply", "Industrial"),
    ("Smith Bros. Roofing Supply", "Industrial"),
    ("“Star” Laundromat", "Retail"),
    ("Texas Panhandle & Gulf Coast Warehousing and Cold Storage Company", "Industrial"),
)

# Names that the books of the same contractor may hold already, spelt the same way or a little differently.
FAMILIAR_NAMES = (
    ("Lakeside Property Management", "Property management"),
    ("Northgate Mall, L.L.C.", "Retail"),
    ("Riverside Church", "Church"),
    ("Hillside HOA", "HOA"),
    ("St. Marys Hospital", "Medical"),
    ("Sunrise Senior Living", "Property management"),
    ("Kestrel Aviation", "Industrial"),
    ("First National Bank", "Retail"),
    ("Pacific Crest Hotels", "Hotel"),
    ("Harrison and Sons", "Industrial"),
    ("Redwood Credit Union", "Retail"),
    ("Delta Crane Rental", "Industrial"),
)

PLACES = (
    "Anderson Mill", "Barton Hills", "Bee Cave", "Bluebonnet", "Brushy Creek", "Bull Creek", "Canyon Ridge",
    "Cedar Bend", "Cherry Creek", "Copperfield", "Cottonwood", "Crystal Falls", "Deer Run", "Eagle Nest", "Elm Grove",
    "Fall Creek", "Fox Hollow", "Garden Oaks", "Granite Shoals", "Great Hills", "Harris Branch", "Hidden Valley",
    "Hyde Park", "Indian Springs", "Juniper Ridge", "Kingsland", "Lakeline", "Laurel Oak", "Live Oak", "Lone Star",
    "Maple Run", "Meadowbrook", "Mesa Verde", "Mueller", "North Fork", "Northgate", "Oakwood", "Onion Creek",
    "Parkside", "Pecan Valley", "Pioneer Crossing", "Plum Creek", "Quail Hollow", "Red Bluff", "Ridgeview",
    "River Place", "Rosewood", "Sage Meadow", "Shady Hollow", "Silver Spur", "Southpark", "Spanish Oaks",
    "Stone Gate", "Sunset Valley", "Tarrytown", "Travis Heights", "Twin Lakes", "Walnut Creek", "Wells Branch",
    "Willow Bend", "Windermere", "Zilker",
)  # fmt: skip

SURNAMES = (
    "Abernathy", "Alvarez", "Baines", "Becker", "Bridges", "Calloway", "Castillo", "Chen", "Cortez", "Dalton",
    "Delgado", "Dunn", "Eastman", "Ferris", "Fuentes", "Gaines", "Garza", "Hale", "Hendricks", "Holt", "Ibarra",
    "Jennings", "Kessler", "Kim", "Lindqvist", "Lozano", "Maddox", "Mercer", "Montoya", "Nash", "Nguyen", "Odom",
    "Okafor", "Parrish", "Patel", "Quinn", "Ramsey", "Rios", "Sandoval", "Schmidt", "Sorensen", "Tate", "Treviño",
    "Underwood", "Vance", "Vasquez", "Weber", "Whitaker", "Yates", "Zamora",
)  # fmt: skip

FIRST_NAMES = (
    "Alicia", "Benjamin", "Carla", "Daniel", "Elena", "Frank", "Grace", "Hector", "Irene", "Jamal", "Karen", "Luis",
    "Marta", "Nathan", "Olivia", "Paul", "Renée", "Samuel", "Teresa", "Victor", "Wendy", "Xavier",
)  # fmt: skip

STREETS = (
    "Burnet Road", "Congress Avenue", "Manor Road", "Slaughter Lane", "Lamar Boulevard", "Parmer Lane", "Main Street",
    "Commerce Drive", "Industrial Boulevard", "Oltorf Street", "Riverside Drive", "Mopac Service Road",
    "Ranch Road 620", "Bee Caves Road", "Gattis School Road", "Old Settlers Boulevard", "Metric Boulevard",
    "Research Boulevard", "Spicewood Springs Road", "William Cannon Drive",
)  # fmt: skip

CITIES = (
    ("Austin", "78701", "512"),
    ("Austin", "78745", "512"),
    ("Austin", "78758", "737"),
    ("Round Rock", "78664", "512"),
    ("Pflugerville", "78660", "512"),
    ("Cedar Park", "78613", "512"),
    ("Georgetown", "78626", "512"),
    ("San Marcos", "78666", "512"),
    ("Kyle", "78640", "737"),
    ("Leander", "78641", "512"),
    ("New Braunfels", "78130", "830"),
    ("Bastrop", "78602", "512"),
)

POSITIONS = (
    "Accounts payable",
    "Property manager",
    "Facilities manager",
    "Office manager",
    "Owner",
    "Treasurer",
)

# Company type, how such a company is called, whether it pays sales tax, and what its properties are called.
NAME_PATTERNS = (
    ("Property management", "{place} Property Management", True, "{street_name} Office Park"),
    ("Property management", "{surname} & {other} Realty", True, "{place} Plaza"),
    ("Property management", "{surname} Commercial Real Estate LLC", True, "{place} Center"),
    ("Property management", "{place} Apartments LP", True, "{place} Apartments"),
    ("HOA", "{place} Homeowners Association", True, "Clubhouse"),
    ("HOA", "{place} Townhomes HOA, Inc.", True, "Townhomes"),
    ("Church", "{place} Baptist Church", False, "Sanctuary"),
    ("Church", "First Methodist Church of {place}", False, "Fellowship hall"),
    ("School", "{place} Elementary School", False, "Main building"),
    ("School", "{place} Charter Academy", False, "Gymnasium"),
    ("Public", "City of {place}", False, "Public library"),
    ("Retail", "{place} Hardware & Feed", True, "Store"),
    ("Retail", "{surname}'s Furniture Gallery", True, "Showroom"),
    ("Retail", "{place} Auto Center", True, "Shop"),
    ("Restaurant", "{surname} Family Barbecue", True, "Restaurant"),
    ("Restaurant", "{place} Grill", True, "Restaurant"),
    ("Medical", "{place} Dental Group PLLC", True, "Clinic"),
    ("Medical", "{surname} & {other} Veterinary Clinic", True, "Clinic"),
    ("Industrial", "{surname} Manufacturing Co.", True, "Plant"),
    ("Industrial", "{place} Cold Storage", True, "Warehouse"),
    ("Storage", "{place} Self Storage", True, "Storage building"),
    ("Hotel", "{place} Inn & Suites", True, "Hotel"),
    ("Residential", "{surname}, {first}", True, "Residence"),
)

EXEMPT_REASONS = {
    "Church": "Religious organization, certificate on file",
    "School": "School, certificate on file",
    "Public": "Government entity",
}


@dataclass(frozen=True, slots=True)
class Article:
    """Something that is billed: quantities run from `least` to `most` in `step`s."""

    kind: LineKind
    description: str
    unit: str
    unit_price: Decimal
    least: Decimal
    most: Decimal
    step: Decimal
    taxable: bool = True


TRAVEL = (
    Article(
        LineKind.TRAVEL,
        "Trip charge",
        "ea",
        Decimal("85.00"),
        Decimal(1),
        Decimal(1),
        Decimal(1),
        taxable=False,
    ),
    Article(
        LineKind.TRAVEL,
        "Mileage",
        "mi",
        Decimal("0.67"),
        Decimal("8.5"),
        Decimal("96.0"),
        Decimal("0.5"),
        taxable=False,
    ),
)
LABOR = (
    Article(
        LineKind.LABOR,
        "Roof technician",
        "hr",
        Decimal("98.00"),
        Decimal("0.75"),
        Decimal("9.5"),
        Decimal("0.25"),
    ),
    Article(
        LineKind.LABOR,
        "Two-man crew",
        "hr",
        Decimal("186.00"),
        Decimal("1.5"),
        Decimal("12"),
        Decimal("0.25"),
    ),
    Article(
        LineKind.LABOR,
        "Emergency call, after hours",
        "hr",
        Decimal("147.50"),
        Decimal("1"),
        Decimal("5"),
        Decimal("0.25"),
    ),
    Article(
        LineKind.LABOR,
        "Sheet metal worker",
        "hr",
        Decimal("112.75"),
        Decimal("1"),
        Decimal("8"),
        Decimal("0.5"),
    ),
)
MATERIAL = (
    Article(
        LineKind.MATERIAL,
        "TPO membrane, 60 mil",
        "sq ft",
        Decimal("1.1875"),
        Decimal("12"),
        Decimal("640"),
        Decimal("0.5"),
    ),
    Article(
        LineKind.MATERIAL,
        "Modified bitumen cap sheet",
        "sq",
        Decimal("94.3500"),
        Decimal("0.25"),
        Decimal("6"),
        Decimal("0.25"),
    ),
    Article(
        LineKind.MATERIAL,
        "Architectural shingles",
        "bundle",
        Decimal("38.4900"),
        Decimal("1"),
        Decimal("30"),
        Decimal("1"),
    ),
    Article(
        LineKind.MATERIAL,
        "Polyiso insulation board, 2 in",
        "sq ft",
        Decimal("1.3325"),
        Decimal("16"),
        Decimal("512"),
        Decimal("16"),
    ),
    Article(
        LineKind.MATERIAL,
        "Elastomeric coating",
        "gal",
        Decimal("41.2500"),
        Decimal("0.5"),
        Decimal("55"),
        Decimal("0.5"),
    ),
    Article(
        LineKind.MATERIAL,
        "Roof cement",
        "gal",
        Decimal("18.9900"),
        Decimal("0.25"),
        Decimal("5"),
        Decimal("0.25"),
    ),
    Article(
        LineKind.MATERIAL,
        "Pipe boot, 3 in",
        "ea",
        Decimal("27.5000"),
        Decimal("1"),
        Decimal("8"),
        Decimal("1"),
    ),
    Article(
        LineKind.MATERIAL,
        "Drip edge, 24 ga",
        "ft",
        Decimal("3.1250"),
        Decimal("10"),
        Decimal("180"),
        Decimal("2.5"),
    ),
    Article(
        LineKind.MATERIAL, "Step flashing", "ea", Decimal("1.8500"), Decimal("6"), Decimal("60"), Decimal("1")
    ),
    Article(
        LineKind.MATERIAL,
        "Fasteners and plates",
        "ea",
        Decimal("0.3475"),
        Decimal("24"),
        Decimal("900"),
        Decimal("12"),
    ),
    Article(
        LineKind.MATERIAL,
        "Skylight dome, 4 ft by 4 ft",
        "ea",
        Decimal("612.0000"),
        Decimal("1"),
        Decimal("3"),
        Decimal("1"),
    ),
    Article(
        LineKind.MATERIAL,
        "Seamless gutter, 6 in",
        "ft",
        Decimal("11.7500"),
        Decimal("8"),
        Decimal("120"),
        Decimal("0.5"),
    ),
)
OTHER = (
    Article(
        LineKind.OTHER,
        "Disposal of debris",
        "load",
        Decimal("145.00"),
        Decimal(1),
        Decimal(3),
        Decimal(1),
        taxable=False,
    ),
    Article(LineKind.OTHER, "Lift rental", "day", Decimal("325.00"), Decimal(1), Decimal(3), Decimal(1)),
    Article(
        LineKind.OTHER,
        "City permit",
        "ea",
        Decimal("62.50"),
        Decimal(1),
        Decimal(1),
        Decimal(1),
        taxable=False,
    ),
    Article(
        LineKind.OTHER,
        "Photo report",
        "ea",
        Decimal("50.00"),
        Decimal(1),
        Decimal(1),
        Decimal(1),
        taxable=False,
    ),
)
# 8.25 % of 2, 6, 10 ... dollars ends on half a cent: invoices on which a tax rounded down would show.
HALF_A_CENT = Article(
    LineKind.OTHER, "Safety surcharge", "ea", Decimal("2.00"), Decimal(1), Decimal(61), Decimal(2)
)

# Service type and the call as it was written down.
CALLS = (
    ("Leak", "Leak at the east wall above the loading dock, water on the floor after the storm"),
    ("Leak", "Stain on the ceiling tiles near the skylight, suspected flashing"),
    ("Leak", "Active leak over the server room; tarp until the seam is repaired"),
    ("Leak", "Water runs down the vent pipe in the restroom"),
    ("Leak", "Drip at the HVAC curb, third time this year"),
    ("Inspection", "Annual inspection with photo report"),
    ("Inspection", "Hail inspection for the insurance claim"),
    ("Inspection", "Inspection before the sale of the building"),
    ("Maintenance", "Clean gutters, downspouts and roof drains"),
    ("Maintenance", "Spring maintenance: seal penetrations, remove debris"),
    ("Maintenance", "Recoat the parapet walls and reseal the coping joints"),
    ("Repair", "Replace wind-damaged shingles on the north slope"),
    ("Repair", "Replace the torn TPO seam at the drain sump"),
    ("Repair", "Reattach loose drip edge and gutter on the front elevation"),
    ("Repair", "Replace a cracked skylight dome"),
    ("Repair", "Repair the roof hatch; hinge broken, lid does not close"),
)
CALLS_WITHOUT_A_BILL = (
    ("Warranty", "Warranty call: blister in the membrane laid last year"),
    ("Non-billable", "Second visit to collect the ladder left on site"),
)
NOTES = (
    "",
    "",
    "",
    "Gate code 4410, call the office before going up.",
    "Dog on the premises.",
    "Access only after 4 p.m.",
)

PROJECTS = (
    ("Reroof", "Tear off to the deck and install a new 60 mil TPO system with tapered insulation"),
    ("Roof recover", "Recover the existing built-up roof with modified bitumen"),
    ("Shingle replacement", "Replace all shingles, underlayment and flashings after hail"),
    ("Metal roof retrofit", "Standing seam retrofit over the existing R-panel roof"),
    ("Restoration coating", "Clean, repair and coat the whole roof with a 20 year silicone system"),
    ("Skylight and hatch replacement", "Replace all skylights and the roof hatch, with new curbs"),
)
PARTS_OF_A_PROJECT = (
    ("Tear-off and disposal", Decimal(22)),
    ("Insulation and membrane", Decimal(55)),
    ("Sheet metal and flashings", Decimal(23)),
)
CHANGE_ORDERS = (
    ("Replace rotten decking found after tear-off", Decimal("3840.50")),
    ("Additional roof drains, two", Decimal("2975.00")),
    ("Credit: existing coping reused", Decimal("-1160.25")),
    ("Walkway pads to the units", Decimal("1485.75")),
)
PROJECT_MANAGERS = ("Elena Vance", "Luis Montoya", "Grace Okafor")
