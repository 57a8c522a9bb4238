"""What `langgraph.json` names: the graphs for `langgraph dev`, compiled without a checkpointer of their own.

The home is opened when a node first runs, from the same settings as the command line. The served deal graph halts
at the same gate. Who asks is the person that the server's auth handler (`served_auth`) let in, looked up in the
directory anew when the deal starts; a token in a run's input or context would be kept by the server, and counts for
nothing. An answer to the interrupt only wakes the thread.
"""

from dataclasses import replace
from functools import lru_cache

from langgraph.config import get_config

from partnership_os.errors import ApprovalError
from partnership_os.governance.clock import system_clock
from partnership_os.graphs.company_index import CompanyIndex
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.discovery_graph import build_discovery_graph
from partnership_os.graphs.home import open_home
from partnership_os.graphs.services import Services
from partnership_os.schemas.commitment import Person
from partnership_os.settings import load_settings

SIGNED_IN = "langgraph_auth_user_id"
"""The server writes the id of the authenticated person here, over whatever a client sent."""


@lru_cache(maxsize=1)
def installation() -> Services:
    """The home of this server process, opened once."""
    return open_home(load_settings(), system_clock).services


@lru_cache(maxsize=1)
def services() -> Services:
    """What the served nodes work with: the home, its vectors made current, and the person of the run as requester."""
    opened = installation()
    CompanyIndex(opened.companies, opened.search(), opened.lexicon).refresh(lambda _stage, _done, _total: None)
    return replace(opened, authenticate=lambda _given: signed_in(opened))


def signed_in(opened: Services) -> Person:
    """The person whom the server authenticated for the run that is under way.

    Raises:
        ApprovalError: the server let nobody in, or they are not active any more.
    """
    person_id = get_config().get("configurable", {}).get(SIGNED_IN)
    person = None
    if isinstance(person_id, str) and person_id:
        with opened.governance.snapshot() as reader:
            person = reader.person(person_id)
    if person is None or not person.active:
        raise ApprovalError(
            "Nobody is signed in to this run.",
            fix="Send your token to the server: Authorization: Bearer pos_….",
            who_must_act="user",
        )
    return person


deal = build_deal_graph(services).compile()
discovery = build_discovery_graph(services).compile()
