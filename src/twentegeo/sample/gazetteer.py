"""
The names and rough places that the made-up Twente stands on.

Municipalities, villages and their codes are facts; positions are rounded to a hundred metres, sizes to some
tens of dwellings, and the outline of the region to half a kilometre. Nothing here is taken from a register's
geometry, and everything that is built on it is invented.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Municipality(NamedTuple):
    """A municipality: CBS code, name, codes of merged predecessors, countryside dwellings, neighbourhoods."""

    code: str
    name: str
    former: tuple[str, ...]
    rural: int
    buurten: int


class Village(NamedTuple):
    """A built-up place: its woonplaats, municipality, centre in hectometres RD, dwellings, first postcode."""

    name: str
    woonplaats: str
    gemeente: str
    x: int
    y: int
    dwellings: int
    pc4: int
    pc4_count: int


MUNICIPALITIES: Final = (
    Municipality("0141", "Almelo", (), 1100, 71),
    Municipality("0147", "Borne", (), 700, 15),
    Municipality("0153", "Enschede", (), 1900, 70),
    Municipality("0158", "Haaksbergen", (), 1700, 29),
    Municipality("0163", "Hellendoorn", (), 2100, 39),
    Municipality("0164", "Hengelo (O.)", (), 1000, 62),
    Municipality("0168", "Losser", (), 1500, 13),
    Municipality("0173", "Oldenzaal", (), 300, 14),
    Municipality("0183", "Tubbergen", (), 2700, 21),
    Municipality("0189", "Wierden", (), 1500, 28),
    Municipality("1700", "Twenterand", ("0186", "0145"), 1900, 27),
    Municipality("1735", "Hof van Twente", ("0142", "0157", "0170"), 3800, 48),
    Municipality("1742", "Rijssen-Holten", ("0187", "0161"), 1500, 35),
    Municipality("1774", "Dinkelland", ("0151", "0188"), 3100, 45),
)

TWIN: Final = "Mariaparochie"
"""The village that lies on both sides of a municipal border: Tubbergen and Almelo."""

TWIN_PARTNER: Final = ("0141", "1924")
"""Municipality and woonplaats of the twin's other half, south-west of its centre."""

VILLAGES: Final = (
    Village("Almelo", "1924", "0141", 2420, 4855, 30300, 7601, 9),
    Village("Aadorp", "1925", "0141", 2394, 4879, 640, 7611, 1),
    Village("Bornerbroek", "1926", "0141", 2414, 4808, 620, 7627, 1),
    Village("Borne", "2049", "0147", 2482, 4800, 8700, 7621, 4),
    Village("Hertme", "2050", "0147", 2486, 4824, 110, 7626, 1),
    Village("Zenderen", "2051", "0147", 2461, 4827, 500, 7625, 1),
    Village("Enschede", "1145", "0153", 2578, 4712, 68500, 7511, 23),
    Village("Glanerbrug", "1145", "0153", 2634, 4706, 7300, 7534, 2),
    Village("Boekelo", "1145", "0153", 2515, 4694, 1150, 7548, 1),
    Village("Lonneker", "1145", "0153", 2594, 4748, 800, 7542, 1),
    Village("Usselo", "1145", "0153", 2541, 4692, 150, 7546, 1),
    Village("Haaksbergen", "2347", "0158", 2476, 4643, 8000, 7481, 2),
    Village("Buurse", "2347", "0158", 2537, 4629, 230, 7483, 1),
    Village("St. Isidorushoeve", "2347", "0158", 2449, 4662, 240, 7484, 1),
    Village("Daarle", "1038", "0163", 2335, 4941, 340, 7688, 1),
    Village("Daarlerveen", "1039", "0163", 2360, 4956, 480, 7687, 1),
    Village("Haarle", "1040", "0163", 2226, 4862, 450, 7448, 1),
    Village("Hellendoorn", "1041", "0163", 2273, 4896, 2300, 7447, 1),
    Village("Nijverdal", "1042", "0163", 2283, 4866, 9000, 7441, 3),
    Village("Hengelo", "1804", "0164", 2511, 4768, 36700, 7551, 9),
    Village("Beckum", "3510", "0164", 2477, 4701, 230, 7560, 1),
    Village("Ambt Delden", "1438", "1735", 2430, 4790, 60, 7495, 1),
    Village("Bentelo", "1439", "1735", 2435, 4715, 380, 7497, 1),
    Village("Delden", "1440", "1735", 2454, 4759, 3000, 7491, 1),
    Village("Diepenheim", "1441", "1735", 2347, 4687, 1050, 7478, 1),
    Village("Goor", "1442", "1735", 2366, 4726, 5100, 7471, 2),
    Village("Hengevelde", "1443", "1735", 2406, 4687, 700, 7496, 1),
    Village("Markelo", "1444", "1735", 2307, 4723, 1750, 7475, 1),
    Village("Beuningen", "1711", "0168", 2648, 4868, 150, 7588, 1),
    Village("De Lutte", "1712", "0168", 2643, 4820, 1150, 7587, 1),
    Village("Glane", "1713", "0168", 2663, 4731, 260, 7585, 1),
    Village("Losser", "1714", "0168", 2658, 4763, 5300, 7581, 2),
    Village("Overdinkel", "1715", "0168", 2676, 4733, 1450, 7586, 1),
    Village("Oldenzaal", "1668", "0173", 2600, 4816, 13800, 7571, 5),
    Village("Holten", "1566", "1742", 2247, 4770, 3400, 7451, 1),
    Village("Rijssen", "1567", "1742", 2321, 4805, 9800, 7461, 3),
    Village("Dijkerhoek", "1566", "1742", 2206, 4774, 60, 7452, 1),
    Village("Albergen", "1283", "0183", 2483, 4880, 1050, 7665, 1),
    Village("Fleringen", "1284", "0183", 2516, 4891, 230, 7666, 1),
    Village("Geesteren", "1285", "0183", 2467, 4937, 1300, 7678, 1),
    Village("Harbrinkhoek", "1286", "0183", 2458, 4897, 340, 7615, 1),
    Village("Hezingen", "1287", "0183", 2570, 4956, 40, 7662, 1),
    Village("Langeveen", "1288", "0183", 2452, 4983, 290, 7679, 1),
    Village("Mander", "1289", "0183", 2528, 4961, 50, 7663, 1),
    Village("Manderveen", "1290", "0183", 2498, 4963, 120, 7664, 1),
    Village("Mariaparochie", "1291", "0183", 2449, 4889, 420, 7614, 1),
    Village("Reutum", "1292", "0183", 2543, 4903, 280, 7667, 1),
    Village("Tubbergen", "1293", "0183", 2498, 4919, 2100, 7651, 1),
    Village("Vasse", "1294", "0183", 2531, 4950, 250, 7661, 1),
    Village("Bruinehaar", "3320", "1700", 2430, 4990, 50, 7675, 1),
    Village("Den Ham", "3321", "1700", 2303, 4978, 1850, 7683, 1),
    Village("Geerdijk", "3323", "1700", 2343, 4996, 220, 7686, 1),
    Village("Vriezenveen", "3324", "1700", 2384, 4918, 4500, 7671, 2),
    Village("Vroomshoop", "3325", "1700", 2345, 4976, 2900, 7681, 1),
    Village("Westerhaar", "3326", "1700", 2386, 4982, 1900, 7676, 1),
    Village("Enter", "1087", "0189", 2360, 4786, 2300, 7468, 1),
    Village("Hoge Hexel", "1088", "0189", 2331, 4888, 250, 7645, 1),
    Village("Notter", "1089", "0189", 2329, 4841, 70, 7467, 1),
    Village("Wierden", "1090", "0189", 2369, 4862, 5500, 7641, 2),
    Village("Zuna", "1091", "0189", 2304, 4834, 60, 7466, 1),
    Village("Agelo", "1407", "1774", 2587, 4904, 90, 7636, 1),
    Village("Denekamp", "1408", "1774", 2650, 4887, 3600, 7591, 1),
    Village("Deurningen", "1409", "1774", 2540, 4802, 600, 7561, 1),
    Village("Lattrop-Breklenkamp", "1410", "1774", 2631, 4944, 170, 7635, 1),
    Village("Noord Deurningen", "1411", "1774", 2660, 4922, 130, 7592, 1),
    Village("Ootmarsum", "1413", "1774", 2577, 4920, 1850, 7631, 1),
    Village("Rossum", "1415", "1774", 2596, 4861, 620, 7596, 1),
    Village("Saasveld", "1416", "1774", 2517, 4836, 310, 7597, 1),
    Village("Tilligte", "1417", "1774", 2615, 4920, 220, 7634, 1),
    Village("Weerselo", "1414", "1774", 2550, 4858, 760, 7595, 1),
)

OUTLINE: Final = (
    (2195, 4775), (2210, 4815), (2200, 4875), (2230, 4885), (2230, 4940), (2280, 4985), (2310, 5010),
    (2385, 5000), (2420, 5015), (2480, 4990), (2545, 4965), (2605, 4955), (2635, 4985), (2665, 4940),
    (2695, 4885), (2665, 4855), (2670, 4795), (2695, 4730), (2645, 4705), (2625, 4670), (2590, 4660),
    (2545, 4605), (2460, 4595), (2425, 4610), (2430, 4645), (2410, 4660), (2390, 4645), (2375, 4665),
    (2305, 4660), (2250, 4730),
)  # fmt: skip
"""The region's outline in hectometres RD, to half a kilometre."""

STREET_THEMES: Final = (
    (
        "Beuken Eiken Linden Kastanje Esdoorn Berken Populieren Essen Olmen Wilgen "
        "Iepen Acacia Lijsterbes Meidoorn Vlier Hazelaar Spar Dennen Lariks Jeneverbes"
    ),
    (
        "Rozen Tulpen Narcissen Krokus Violen Anjer Dahlia Lelie Iris Jasmijn "
        "Klaproos Korenbloem Margriet Madelief Zonnebloem Lavendel Hortensia Begonia Primula Sering"
    ),
    (
        "Merel Lijster Vinken Mezen Spechten Zwaluw Leeuwerik Kievit Wulpen Reiger "
        "Ooievaar Fazanten Patrijs Nachtegaal Roodborst Koekoek Buizerd Valken Sperwer Uilen"
    ),
    ("Molen Kerk Markt School Brink Esch Kamp Hof Veld Broek Made Horst Haar Stroot Maat Laar Woerd Brug Poort Wal"),
    (
        "Spinner Wever Klompenmakers Smeden Bakkers Kuipers Timmer Metsel Ververs Bleek "
        "Spoel Ketting Inslag Katoen Linnen Garen Damast Twijn Haspel Schering"
    ),
    (
        "Goud Zilver Koper IJzer Kristal Robijn Smaragd Saffier Topaas Opaal "
        "Agaat Barnsteen Granaat Parel Koraal Turkoois Jade Onyx Kwarts Diamant"
    ),
    (
        "Dinkel Regge Berkel Vecht Linde Aa Dommel Maas Waal Eem "
        "Amstel Rotte Gouwe Spaarne Zaan Vliet Lek Merwede Linge Schelde"
    ),
    (
        "Dorps Nieuw Oude Lange Korte Brede Hoge Lage Stations Burgemeesters "
        "Pastorie Kloosters Gasthuis Fabrieks Haven Kanaal Singel Grens Zand Veen"
    ),
    (
        "Haver Gerst Rogge Tarwe Boekweit Spelt Koolzaad Klaver Luzerne Vlas "
        "Hennep Mais Hop Mosterd Raap Wikke Lupine Gierst Karwij Anijs"
    ),
)
"""First halves of street names, one theme a line; a neighbourhood keeps to a theme."""

STREET_ENDINGS: Final = (
    "straat", "laan", "hof", "weg", "pad", "plein", "dijk", "plantsoen", "dreef", "ring", "kamp", "steeg",
)  # fmt: skip

ROAD_THEMES: Final = (
    "Veld Heide Esch Broek Bos Venne Horst Haar Kamp Brink Maat Laar Schapen Turf Molen Beek Goor Stroot Marke Braak "
    "Hagen Zand Wind Roggen Koe Dijk Grens Kloosters Jagers Steen"
)
"""First halves of the names of country roads."""

ROAD_ENDINGS: Final = ("weg", "dijk", "steeg", "allee", "veldweg", "hoekweg", "esweg", "bosweg")

NOTICE: Final = "VOORBEELD: fictieve gegevens"
"""What everything made from the sample has to say of itself."""
