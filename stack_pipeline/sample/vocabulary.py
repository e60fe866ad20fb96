"""Forty small things with named, typed fields, from which the sample's code in every language is made.

The fields differ from thing to thing, so that files made by one template share little; `files_differ` in
the tests measures it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Literal, NamedTuple

FieldType = Literal["text", "whole", "number", "flag", "date"]

_TYPES: dict[str, FieldType] = {"s": "text", "i": "whole", "f": "number", "b": "flag", "d": "date"}
_UNITS = {
    "_m": "in metres",
    "_mm": "in millimetres",
    "_km": "in kilometres",
    "_kg": "in kilograms",
    "_g": "in grams",
    "_l": "in litres",
    "_ml": "in millilitres",
    "_c": "in degrees Celsius",
    "_cents": "in cents",
    "_s": "in seconds",
    "_min": "in minutes",
    "_h": "in hours",
    "_days": "in days",
    "_w": "in watts",
    "_kw": "in kilowatts",
    "_v": "in volts",
    "_hz": "in hertz",
    "_pct": "in per cent",
    "_deg": "in degrees",
    "_hpa": "in hectopascals",
    "_m2": "in square metres",
}

_THINGS = """
berth: A place in a harbour where a ship may lie.
    quay:s length_m:f depth_m:f shore_power:b bollards:i inspected:d
beehive: A hive with its colony, as the beekeeper notes it.
    apiary:s frames:i queen_marked:b honey_kg:f mite_count:i opened:d
kiln_firing: One firing of a pottery kiln.
    program:s cone:i peak_c:f hold_min:i reduction:b started:d
tram_stop: A stop on a tram line.
    line:s platform:i platform_length_m:f step_free:b dwell_s:i opened_on:d
seed_lot: A lot of seed in a seed bank.
    species:s germination_pct:f packets:i treated:b harvest:d storage_c:f
choir_score: A piece of music in a choir's library.
    composer:s voices:i copies:i accompanied:b duration_min:f bought:d
glacier_stake: A stake that shows how much a glacier melts.
    basin:s elevation_m:f exposed_mm:i tilted:b drilled:d density_pct:f
loan: A book lent by a library.
    barcode:s renewals:i fine_cents:i reserved:b due:d shelf:s
wind_turbine: A turbine in a wind farm.
    farm:s hub_height_m:f rated_kw:i feathered:b rotor_m:f serviced:d
tidal_gate: A gate that keeps the tide out of a canal.
    canal:s sill_m:f leaves:i automatic:b closing_s:i greased:d
bakery_batch: A batch of dough from mixing to oven.
    dough:s flour_kg:f hydration_pct:f loaves:i retarded:b mixed:d
museum_object: An object in a museum's store.
    accession:s height_mm:i material:s on_display:b insured_cents:i acquired:d
ski_lift: A lift of a ski resort.
    resort:s capacity_h:i rise_m:f heated_seats:b pylons:i checked:d
letterbox: A public letterbox and when it is emptied.
    district:s aperture_mm:i collections:i indoors:b last_emptied:d height_m:f
star_chart: A chart of a part of the sky.
    constellation:s epoch_year:i limiting_mag:f inverted:b plates:i printed:d
well_sample: A water sample from a well.
    aquifer:s depth_m:f nitrate_pct:f bottles:i filtered:b drawn:d
film_reel: A reel of film in an archive.
    title:s gauge_mm:i run_min:f nitrate_base:b splices:i wound:d
goat: A goat in a dairy herd.
    ear_tag:s milk_l:f kids:i horned:b born:d weight_kg:f
level_crossing: A place where a road crosses a railway.
    road:s barriers:i warning_s:i lit:b width_m:f surveyed:d
telescope_run: A night's run at a telescope.
    target:s exposures:i seeing_deg:f guided:b gain_pct:f night:d
printing_plate: A plate for an offset press.
    job:s screen_pct:f impressions:i positive:b width_mm:i burnt:d
orchard_row: A row of trees in an orchard.
    cultivar:s trees:i spacing_m:f irrigated:b yield_kg:f grafted:d
parcel_locker: A locker from which parcels are fetched.
    branch:s slots:i largest_l:f outdoors:b retries:i installed:d
weather_buoy: A buoy that reports weather at sea.
    station:s wave_m:f pressure_hpa:f lights:i drifting:b moored:d
boat_race: A race of rowing boats.
    course:s distance_m:i wind_deg:f lanes:i coxed:b rowed:d
cheese_wheel: A wheel of cheese in a cellar.
    dairy:s mass_kg:f turns:i washed_rind:b salt_pct:f made:d
street_lamp: A lamp in a street.
    street:s power_w:f pole_m:f arms:i dimmable:b replaced:d
bridge_bearing: A bearing under a bridge deck.
    bridge:s travel_mm:i load_kg:f pads:i guided_one_way:b measured:d
vineyard_plot: A plot of a vineyard.
    slope:s vines:i area_m2:f terraced:b sugar_pct:f pruned:d
canal_lock: A lock between two reaches of a canal.
    reach:s fall_m:f paddles:i staffed:b fill_min:f dredged:d
organ_pipe: A pipe of a church organ.
    rank_name:s speaking_m:f pitch_hz:f reed:b cuts:i voiced:d
observation_hide: A hide from which birds are watched.
    marsh:s seats:i openings:i roofed:b distance_km:f painted:d
battery_pack: A pack of cells in a store of energy.
    vendor:s nominal_v:f cells:i balanced:b cycles:i charged:d
mail_route: A round that a postman walks.
    depot:s addresses:i walk_km:f hilly:b dogs:i revised:d
quarry_blast: A blast in a quarry.
    face:s holes:i charge_kg:f misfire:b burden_m:f fired:d
fish_tank: A tank in an aquarium.
    gallery:s volume_l:f salinity_pct:f quarantined:b filters:i cleaned:d
puppet: A puppet of a marionette theatre.
    play:s strings:i limbs:i jointed_jaw:b stature_mm:i carved:d
snow_plough: A plough that clears roads.
    garage:s blade_m:f grit_kg:f chained:b crew:i washed:d
clock_tower: A tower clock and its upkeep.
    parish:s dial_m:f bells:i electric:b drift_s:f wound_on:d
rope_bridge: A bridge of ropes in an adventure park.
    park:s span_m:f planks:i netted:b max_guests:i tested:d
"""


class ThingField(NamedTuple):
    """A field: `name` in snake case, its type, and a description."""

    name: str
    type: FieldType
    description: str

    @property
    def camel(self) -> str:
        """The name in camel case."""
        return camel(self.name)

    @property
    def limit(self) -> int:
        """A plausible upper bound, the same wherever the name appears."""
        return 20 + int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:2], "big") % 4800


class Thing(NamedTuple):
    """A thing: `name` in snake case, one sentence about it, and its fields."""

    name: str
    sentence: str
    fields: tuple[ThingField, ...]

    @property
    def pascal(self) -> str:
        """The name in Pascal case."""
        return "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def camel(self) -> str:
        """The name in camel case."""
        return camel(self.name)

    @property
    def plural(self) -> str:
        """The name in the plural, in snake case."""
        return (
            self.name[:-1] + "ies"
            if self.name.endswith("ty")
            else self.name + ("es" if self.name[-1] in "sx" else "s")
        )

    @property
    def words(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ")

    def of_type(self, *types: FieldType) -> tuple[ThingField, ...]:
        """Return the fields of some types."""
        return tuple(field for field in self.fields if field.type in types)


def camel(name: str) -> str:
    """Return a snake-case name in camel case.

    Examples:
        >>> camel("hub_height_m")
        'hubHeightM'
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@lru_cache(maxsize=1)
def things() -> tuple[Thing, ...]:
    """Return all forty things."""
    lines = _THINGS.strip().splitlines()
    return tuple(_parse(head, fields) for head, fields in zip(lines[::2], lines[1::2], strict=True))


def _parse(head: str, fields: str) -> Thing:
    name, _, sentence = head.partition(": ")
    pairs = (field.split(":") for field in fields.split())
    return Thing(name, sentence, tuple(ThingField(key, _TYPES[code], _describe(key)) for key, code in pairs))


def _describe(name: str) -> str:
    stem, mark, unit = name.rpartition("_")
    if mark + unit in _UNITS:
        return f"{stem.replace('_', ' ').capitalize()} {_UNITS[mark + unit]}"
    return name.replace("_", " ").capitalize()
