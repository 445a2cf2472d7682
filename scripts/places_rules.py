"""Decisions by hand about Natural Earth's first-order units: whose they are, and how they group.

Natural Earth draws who holds a place; these tables say where this project differs and which of
Natural Earth's second-order units (departments, provinces, districts) make up a first-order one.
Keys are GeoNames' first-order codes without the country, e.g. ``SCT`` for Scotland.
"""

from typing import Final

__all__ = [
    "COUNTRY_BY_ADM0",
    "COUNTRY_BY_UNIT",
    "DISPLAY_NAMES",
    "EXTRA_NAMES",
    "GROUPS",
    "MERGED_CITIES",
    "NAME_WINS",
    "NO_DIVISIONS",
    "NO_ID",
    "RECODED",
    "SECOND_ORDER",
    "UNIT_CODES",
    "WRONG_ALTERNATES",
    "WRONG_NAMES",
]

# Natural Earth's adm0_a3 of pieces without an ISO code (or with another state's) -> ISO code.
COUNTRY_BY_ADM0: Final = {
    "CYN": "CY",  # Northern Cyprus: Cyprus (United Nations)
    "ESB": "CY",  # the British bases: drawn with the island
    "WSB": "CY",
    "SOL": "SO",  # Somaliland: Somalia (United Nations)
    "USG": "CU",  # Guantanamo Bay
    "KAB": "KZ",  # Baikonur
    "KAS": "IN",  # Siachen Glacier: held by India, claimed by Pakistan
    "CSI": "AU",
    "ATC": "AU",
    "CLP": "FR",
    "PGA": "",  # Spratly Islands: claimed by six, left out
}

# (iso_a2, name) of single units -> ISO code.
COUNTRY_BY_UNIT: Final = {
    ("RU", "Crimea"): "UA",  # UN General Assembly resolution 68/262
    ("RU", "Sevastopol"): "UA",
    ("FR", "Guyane française"): "GF",
    ("FR", "Guadeloupe"): "GP",
    ("FR", "Martinique"): "MQ",
    ("FR", "La Réunion"): "RE",
    ("FR", "Mayotte"): "YT",
    ("NL", "Bonaire"): "BQ",
    ("NL", "Saba"): "BQ",
    ("NL", "St. Eustatius"): "BQ",
    ("NO", "Svalbard"): "SJ",
    ("NO", "Bouvet Island"): "BV",
    ("-1", "Christmas Island"): "CX",
    ("-1", "Cocos (Keeling) Islands"): "CC",
}

# Units that are no divisions worth a row (obsolete zones, boroughs of one city, islets).
NO_DIVISIONS: Final = {"AQ", "AX", "BQ", "GF", "GP", "MQ", "NP", "RE", "SG", "SJ", "YT", "BV"}

# Natural Earth's GeoNames id sits on a neighbour: here the name decides.
NAME_WINS: Final = {
    ("SI", "Bistrica ob Sotli"),
    ("SI", "Podcetrtek"),
}

# (country, name) -> first-order code where the id is missing, outdated or wrong.
UNIT_CODES: Final = {
    ("AZ", "Xocalı"): "64",
    ("AZ", "Stepanakert"): "61",
    ("CD", "Kasaï-Occidental"): "",
    ("CG", "Pointe Noire"): "15",
    ("CI", "Denguélé"): "77",
    ("CI", "Dix-Huit Montagnes"): "78",
    ("CI", "Zanzan"): "92",
    ("CI", "Savanes"): "87",
    ("CI", "Bas-Sassandra"): "76",
    ("CI", "Vallée du Bandama"): "90",
    ("IN", "Dadra and Nagar Haveli and Daman and Diu"): "52",
    ("IN", "Ladakh"): "41",
    ("IN", "Telangana"): "40",
    ("MN", "Govĭ-Sümber"): "20",  # drawn at Baganuur, a district of Ulaanbaatar
    ("TZ", "Simiyu"): "31",
    ("TZ", "Geita"): "28",
    ("TZ", "Katavi"): "29",
    ("TZ", "Njombe"): "30",
}

# The id belongs to a unit of another shape or place: keep the outline, not the id.
NO_ID: Final = {
    ("LY", "Ghadamis"),
    ("LY", "Ajdabiya"),
    ("LY", "Al Qubbah"),
    ("LY", "Mizdah"),
    ("PF", "Leeward Islands"),
    ("BB", "Saint Joseph"),
    ("NR", "Nibok"),
    ("NR", "Meneng"),
}

# Natural Earth's names are those of a neighbour (the GeoNames id and the outline are right).
WRONG_NAMES: Final = {
    "AF.41", "AF.42", "AZ.28", "AZ.30", "RU.04",
    "EC.19", "EC.23",
    "ER.01", "ER.02", "ER.05", "ER.06",
    "GY.11", "GY.12", "GY.13", "GY.14", "GY.15", "GY.16", "GY.18", "GY.19",
}  # fmt: skip

# Countries whose cities carry other codes than GeoNames' list: the list's code -> the cities'.
# A division that is not here keeps its row without a code: its towns count to the division that
# took it in. Vietnam: the 34 provinces and cities of July 2025.
RECODED: Final = {
    "VN": {
        "44": "01", "05": "04", "68": "08", "92": "11", "89": "12", "32": "14", "90": "15",
        "85": "19", "39": "20", "30": "22", "74": "24", "83": "25", "13": "31", "81": "33",
        "59": "37", "34": "38", "58": "40", "52": "42", "64": "44", "66": "46", "78": "48",
        "63": "51", "49": "52", "54": "56", "88": "66", "23": "68", "43": "75", "20": "79",
        "33": "80", "09": "82", "69": "86", "01": "91", "87": "92", "77": "96",
    },
}  # fmt: skip

# Names in the sources that are another place's in the news.
WRONG_ALTERNATES: Final = {"Persian Gulf", "New Caledonia", "Anatolia", "Kosova", "Saint Lucia"}

# Countries where cities of county rank go back into the county of the same id.
MERGED_CITIES: Final = {"HU", "HR", "IS", "MN", "MU"}

# Countries whose second-order units get rows, for want of useful first-order ones.
SECOND_ORDER: Final = {"TW"}

SKOPJE: Final = (
    "Gjorče Petrov|Saraj|Karpoš|Šuto Orizari|Butel|Čair|Centar|Gazi Baba|Aerodrom|Kisela Voda"
)
ULSTER: Final = ("Donegal", "Cavan", "Monaghan")
CONNAUGHT: Final = ("Galway", "Leitrim", "Mayo", "Roscommon", "Sligo")
MUNSTER: Final = (
    "Clare", "Cork", "Kerry", "Limerick", "North Tipperary", "South Tipperary", "Waterford",
)  # fmt: skip
LEINSTER: Final = (
    "Louth", "Dublin", "Dún Laoghaire–Rathdown", "Wicklow", "Wexford", "Kilkenny", "Meath",
    "Fingal", "Kildare", "Carlow", "Laoighis", "South Dublin", "Offaly", "Westmeath", "Longford",
)  # fmt: skip

# country -> (Natural Earth's property, its value -> first-order code).
GROUPS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "GB": (
        "geonunit",
        {"England": "ENG", "Scotland": "SCT", "Wales": "WLS", "Northern Ireland": "NIR"},
    ),
    "IT": (
        "region",
        {
            "Valle d'Aosta": "19", "Piemonte": "12", "Lombardia": "09", "Liguria": "08",
            "Trentino-Alto Adige": "17", "Emilia-Romagna": "05", "Marche": "10", "Veneto": "20",
            "Friuli-Venezia Giulia": "06", "Abruzzo": "01", "Molise": "11", "Apulia": "13",
            "Basilicata": "02", "Calabria": "03", "Campania": "04", "Lazio": "07",
            "Toscana": "16", "Sicily": "15", "Sardegna": "14", "Umbria": "18",
        },
    ),
    "FR": (
        "region",
        {
            "Hauts-de-France": "32", "Grand Est": "44", "Provence-Alpes-Côte-d'Azur": "93",
            "Auvergne-Rhône-Alpes": "84", "Nouvelle-Aquitaine": "75", "Occitanie": "76",
            "Bourgogne-Franche-Comté": "27", "Pays de la Loire": "52", "Bretagne": "53",
            "Normandie": "28", "Corse": "94", "Centre-Val de Loire": "24", "Île-de-France": "11",
        },
    ),
    "ES": (
        "region",
        {
            "Ceuta": "CE", "Melilla": "ML", "Foral de Navarra": "32", "País Vasco": "59",
            "Aragón": "52", "Cataluña": "56", "Extremadura": "57", "Andalucía": "51",
            "Galicia": "58", "Castilla y León": "55", "Valenciana": "60", "Murcia": "31",
            "Asturias": "34", "Cantabria": "39", "Canary Is.": "53", "Islas Baleares": "07",
            "La Rioja": "27", "Castilla-La Mancha": "54", "Madrid": "29",
        },
    ),
    "PH": (
        "region",
        {
            "Autonomous Region in Muslim Mindanao (ARMM)": "14", "Davao (Region XI)": "11",
            "Zamboanga Peninsula (Region IX)": "09", "MIMAROPA (Region IV-B)": "41",
            "Dinagat Islands (Region XIII)": "13", "Northern Mindanao (Region X)": "10",
            "SOCCSKSARGEN (Region XII)": "12", "Eastern Visayas (Region VIII)": "08",
            "Central Luzon (Region III)": "03", "CALABARZON (Region IV-A)": "40",
            "Bicol (Region V)": "05", "National Capital Region": "NCR", "Ilocos (Region I)": "01",
            "Cagayan Valley (Region II)": "02", "Central Visayas (Region VII)": "07",
            "Western Visayas (Region VI)": "06", "Cordillera Administrative Region (CAR)": "15",
        },
    ),
    "BF": (
        "region",
        {
            "Est": "08", "Cascades": "02", "Sud-Ouest": "13", "Sahel": "12", "Nord": "10",
            "Boucle du Mouhoun": "01", "Hauts-Bassins": "09", "Centre-Est": "04",
            "Centre-Sud": "07", "Centre-Ouest": "06", "Plateau-Central": "11", "Centre": "03",
            "Centre-Nord": "05",
        },
    ),
    "LK": (
        "region",
        {
            "Næ̆gĕnahira paḷāta": "37", "Uturu paḷāta": "38", "Vayamba paḷāta": "32",
            "Basnāhira paḷāta": "36", "Dakuṇu paḷāta": "34", "Sabaragamuva paḷāta": "33",
            "Ūva paḷāta": "35", "Madhyama paḷāta": "29", "Uturumæ̆da paḷāta": "30",
        },
    ),
    "XK": (
        "region",
        {
            "Đakovica": "10096859", "Prizren": "10097361", "Gnjilane": "10097357",
            "Uroševac": "10096138", "Kosovska Mitrovica": "10097358", "Pristina": "10097360",
            "Peć": "10097359",
        },
    ),
    "UG": ("region", {"Western": "W", "Central": "C", "Eastern": "E", "Northern": "N"}),
    "GN": (
        "region",
        {
            "Faranah": "F", "Kindia": "D", "Mamou": "M", "Nzérékoré": "N", "Kankan": "K",
            "Boke": "B", "Labé": "L", "Conakry": "04",
        },
    ),
    "MW": ("region", {"Northern": "N", "Central": "C", "Southern": "S"}),
    "BE": (
        "geonunit",
        {"Flemish Region": "VLG", "Walloon Region": "WAL", "Brussels Capital Region": "BRU"},
    ),
    "RS": ("geonunit", {"Vojvodina": "VO", "Serbia": "SE"}),
    "IE": (
        "name",
        dict.fromkeys(ULSTER, "U")
        | dict.fromkeys(CONNAUGHT, "C")
        | dict.fromkeys(MUNSTER, "M")
        | dict.fromkeys(LEINSTER, "L"),
    ),
    "MK": ("name", dict.fromkeys(SKOPJE.split("|"), "F6")),
    "MD": (
        "name",
        dict.fromkeys(("Camenca", "Stîngă Nistrului", "Grigoriopol", "Transnistria"), "58"),
    ),
    "AZ": ("region", {"Naxçıvan Autonomous Republic": "35"}),
    "BA": (
        "region_sub",
        {"Federation of Bosnia and Herzegovina": "01", "Serbian Republic": "02"},
    ),
}  # fmt: skip

# English names where those of the sources are unusual or say the same of two divisions.
DISPLAY_NAMES: Final = {
    "AF.09": "Ghor",
    "AF.39": "Uruzgan",
    "AR.01": "Buenos Aires Province",
    "AR.07": "Autonomous City of Buenos Aires",
    "AZ.28": "Lachin",
    "AZ.30": "Lankaran City",
    "AZ.68": "Yevlakh City",
    "BG.42": "Sofia City",
    "BG.58": "Sofia Province",
    "BM.03": "City of Hamilton",
    "BY.04": "Minsk City",
    "BY.05": "Minsk Region",
    "HR.20": "Zagreb County",
    "HR.21": "City of Zagreb",
    "KZ.01": "Almaty Region",
    "LV.07": "Daugavpils Municipality",
    "LV.12": "Jelgava Municipality",
    "LV.24": "Rēzekne Municipality",
    "LV.33": "Ventspils Municipality",
    "SC.14": "Grand'Anse Praslin",
    "SC.24": "Grand'Anse Mahé",
    "MZ.04": "Maputo Province",
    "MZ.11": "Maputo City",
    "PE.15": "Lima Region",
    "PE.LMA": "Lima Province",
    "PS.GZ": "Gaza Strip",
    "PS.WE": "West Bank",
    "RU.04": "Altai Krai",
    "RU.47": "Moscow Oblast",
    "UA.11": "Crimea",
    "UA.12": "Kyiv City",
    "UA.13": "Kyiv Oblast",
    "US.DC": "Washington, D.C.",
    "UZ.13": "Tashkent City",
    "UZ.14": "Tashkent Region",
    "YE.16": "Sanaa Governorate",
    "YE.26": "Amanat Al Asimah",
    "AZ.35": "Nakhchivan",
    "BA.01": "Federation of Bosnia and Herzegovina",
    "BA.02": "Republika Srpska",
    "BE.BRU": "Brussels-Capital Region",
    "ES.52": "Aragon",
    "ES.54": "Castilla-La Mancha",
    "ES.55": "Castile and León",
    "ES.60": "Valencian Community",
    "ES.29": "Community of Madrid",
    "FR.24": "Centre-Val de Loire",
    "IT.02": "Basilicata",
    "IT.07": "Lazio",
    "IT.10": "Marche",
    "MK.F6": "Greater Skopje",
    "PH.14": "Bangsamoro",
    "PH.40": "Calabarzon",
    "XK.10097359": "Peja",
    "XK.10097358": "Mitrovica",
}

EXTRA_NAMES: Final = {
    "AF.09": "Ghowr|غور",
    "AF.40": "Parvan",
    "AF.41": "Daikundi|Daikondi|Day Kundi|Daykondi|دایکندی|دايکندي|Дайкунди",
    "AF.42": "Panjsher|Panjshayr|پنجشیر|بنجشير|Панджшер",
    "RU.04": "Altai Territory|Алтайский край",
    "UA.11": "Republic of Crimea|Autonomous Republic of Crimea|Крым|Крим",
    "YE.26": "Sanaa City|أمانة العاصمة",
    "AZ.35": "Nakhchivan Autonomous Republic|Naxçıvan|Нахичевань|نخجوان",
    "BA.01": "Federacija Bosne i Hercegovine|Federation of BiH",
    "BA.02": "Serb Republic|Република Српска",
    "BE.BRU": "Brussels Region|Région de Bruxelles-Capitale",
    "BE.VLG": "Flemish Region|Vlaanderen|Flandre|Flandern",
    "BE.WAL": "Walloon Region|Wallonie|Wallonië",
    "ES.07": "Islas Baleares|Illes Balears|the Balearics",
    "ES.29": "Madrid Region|Comunidad de Madrid",
    "ES.32": "Navarra|Nafarroa",
    "ES.51": "Andalucía",
    "ES.52": "Aragón",
    "ES.53": "Islas Canarias|Canaries",
    "ES.55": "Castilla y León|Castile and Leon",
    "ES.56": "Catalunya|Cataluña|Каталония|كتالونيا",
    "ES.59": "Euskadi|País Vasco|Pays Basque",
    "ES.60": "Comunidad Valenciana|Comunitat Valenciana",
    "FR.11": "Ile-de-France|Paris region|Greater Paris",
    "FR.28": "Normandie",
    "FR.53": "Bretagne",
    "FR.84": "Auvergne-Rhone-Alpes",
    "FR.93": "PACA|Provence-Alpes-Cote d'Azur",
    "FR.94": "Corse|Corsica",
    "GB.ENG": "Angleterre|Inglaterra|Англия|إنجلترا|انگلستان",
    "GB.NIR": "Ulster|Tuaisceart Éireann|Северная Ирландия|أيرلندا الشمالية",
    "GB.SCT": "Alba|Écosse|Escocia|Шотландия|اسكتلندا|اسکاتلند",
    "GB.WLS": "Cymru|Pays de Galles|Gales|Уэльс|ويلز|ولز",
    "IT.04": "Кампания",
    "IT.09": "Lombardia|Lombardei|Ломбардия",
    "IT.12": "Piemonte",
    "IT.13": "Puglia|Apulien",
    "IT.14": "Sardegna|Сардиния",
    "IT.15": "Sicilia|Сицилия|صقلية",
    "IT.16": "Toscana|Тоскана",
    "IT.17": "Trentino-South Tyrol|Trentino-Alto Adige/Südtirol",
    "IT.19": "Valle d'Aosta|Aosta",
    "IT.20": "Venetien",
    "MD.58": "Transnistrian region|Trans-Dniester|Transdniestria|Pridnestrovie|Приднестровье"
    "|Unitățile Administrativ-Teritoriale din stînga Nistrului",
    "MK.F6": "Grad Skopje|City of Skopje|Град Скопје",
    "PH.14": "Bangsamoro Autonomous Region in Muslim Mindanao|BARMM|ARMM"
    "|Autonomous Region in Muslim Mindanao",
    "PH.NCR": "National Capital Region|Kalakhang Maynila",
    "PS.GZ": "Gaza|the Gaza Strip|Gaza enclave|قطاع غزة|غزة|نوار غزه|Сектор Газа",
    "PS.WE": "the West Bank|occupied West Bank|Judea and Samaria|کرانه باختری|Западный берег",
    "RS.VO": "Војводина|Autonomous Province of Vojvodina",
    "XK.10096138": "Uroševac",
    "XK.10096859": "Đakovica",
    "XK.10097357": "Gnjilane",
    "XK.10097358": "Kosovska Mitrovica|Mitrovicë",
    "XK.10097359": "Pec|Peć|Pejë",
    "XK.10097360": "Prishtina|Prishtinë|Priština",
}
