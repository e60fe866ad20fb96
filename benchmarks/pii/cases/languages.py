"""How languages and formats assign a literal, and how they name a credential without holding one.

`<NAME>` stands for the variable's name in the style of the language, `<UPPER>` for the same in capitals, `<VALUE>`
for the literal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """The ways of one language.

    Attributes:
        style: How names are joined: `snake`, `camel`, `pascal`, `upper` or `dotted`.
        literals: Templates that hold a literal credential.
        lookups: Templates that only name one.
    """

    style: str
    literals: tuple[str, ...]
    lookups: tuple[str, ...]


LANGUAGES: dict[str, Language] = {
    "ansible": Language(
        "snake",
        ("- hosts: db\n  vars:\n    <NAME>: <VALUE>", "    <NAME>: '<VALUE>'\n    port: 5432"),
        (
            "    <NAME>: '{{ vault_<NAME> }}'",
            "    <NAME>: \"{{ lookup('env', '<UPPER>') }}\"",
            "no_log: true\n<NAME>: !vault |",
        ),
    ),
    "c": Language(
        "upper",
        ('#define <NAME> "<VALUE>"\n#define RETRIES 3', 'static const char <NAME>[] = "<VALUE>";'),
        ("#define <NAME>_SIZE 64", 'const char *p = getenv("<NAME>");', "extern const char *<NAME>;"),
    ),
    "csharp": Language(
        "pascal",
        (
            'private const string <NAME> = "<VALUE>";',
            'var o = new Options { Host = "db", <NAME> = "<VALUE>" };',
        ),
        (
            '<NAME> = configuration["App:<NAME>"];',
            "public string <NAME> { get; set; }",
            "<NAME> = string.Empty;",
        ),
    ),
    "dart": Language(
        "camel",
        ("const <NAME> = '<VALUE>';", 'final String <NAME> = "<VALUE>";'),
        ("final <NAME> = Platform.environment['<UPPER>'];", "required this.<NAME>,", "String? <NAME>;"),
    ),
    "dockerfile": Language(
        "upper",
        ("FROM alpine:3\nENV <NAME>=<VALUE>\nCMD run", 'ARG <NAME>="<VALUE>"'),
        ("ARG <NAME>\nENV <NAME>=$<NAME>", "RUN --mount=type=secret,id=<NAME> make", "ENV <NAME>="),
    ),
    "dotenv": Language(
        "upper",
        ("HOST=db\n<NAME>=<VALUE>\nPORT=1", '<NAME>="<VALUE>"'),
        ("<NAME>=", "<NAME>=${<NAME>}", "# <NAME>: set in the vault\nHOST=db"),
    ),
    "go": Language(
        "camel",
        (
            '<NAME> := "<VALUE>"',
            "const <NAME> = `<VALUE>`\nvar n = 1",
            'cfg.Set("<NAME>", 1)\nvar <NAME> string = "<VALUE>"',
        ),
        (
            '<NAME> := os.Getenv("<UPPER>")',
            "func New(<NAME> string) *Client {",
            'flag.String("<NAME>", "", "see help")',
        ),
    ),
    "hcl": Language(
        "snake",
        ('resource "x" "y" {\n  <NAME> = "<VALUE>"\n}', '  <NAME>   = "<VALUE>" # fixed'),
        (
            "  <NAME> = var.<NAME>",
            'variable "<NAME>" {\n  type = string\n}',
            '  <NAME> = data.vault.x.data["<NAME>"]',
        ),
    ),
    "ini": Language(
        "snake",
        ("[main]\n<NAME> = <VALUE>\nport = 1", "<NAME>=<VALUE>"),
        ("<NAME> =", "<NAME> = %(<UPPER>)s", "; <NAME> is asked for at the start"),
    ),
    "java": Language(
        "camel",
        ('private String <NAME> = "<VALUE>";', 'static final String <NAME> = "<VALUE>"; // NOSONAR'),
        (
            'String <NAME> = System.getenv("<UPPER>");',
            "this.<NAME> = <NAME>;",
            '@Value("${app.<NAME>}") String <NAME>;',
        ),
    ),
    "javascript": Language(
        "camel",
        ("const <NAME> = '<VALUE>';", 'export default { <NAME>: "<VALUE>", retries: 2 };'),
        ("const <NAME> = process.env.<UPPER>;", "const { <NAME> } = req.body;", "login({ user, <NAME> });"),
    ),
    "json": Language(
        "camel",
        ('{"host": "db", "<NAME>": "<VALUE>"}', '  "<NAME>": "<VALUE>",\n  "port": 1'),
        ('  "<NAME>": "",', '  "<NAME>": null,', '  "<NAME>": "${<UPPER>}",'),
    ),
    "kotlin": Language(
        "camel",
        ('val <NAME> = "<VALUE>"', 'const val <NAME>: String = "<VALUE>"'),
        (
            'val <NAME> = System.getenv("<UPPER>")',
            "data class A(val <NAME>: String)",
            "lateinit var <NAME>: String",
        ),
    ),
    "perl": Language(
        "snake",
        ("my $<NAME> = '<VALUE>';", '%c = (<NAME> => "<VALUE>", port => 1);'),
        ("my $<NAME> = $ENV{<UPPER>};", "my ($self, $<NAME>) = @_;", "$<NAME> = undef;"),
    ),
    "php": Language(
        "snake",
        (
            "$<NAME> = '<VALUE>';",
            "return ['<NAME>' => '<VALUE>', 'port' => 1];",
            "define('<UPPER>', '<VALUE>');",
        ),
        ("$<NAME> = getenv('<UPPER>');", "$<NAME> = $_POST['<NAME>'] ?? '';", "'<NAME>' => env('<UPPER>'),"),
    ),
    "powershell": Language(
        "pascal",
        ('$<NAME> = "<VALUE>"', "$env:<UPPER> = '<VALUE>'"),
        ("$<NAME> = $env:<UPPER>", "param([string]$<NAME>)", "$<NAME> = Read-Host -AsSecureString"),
    ),
    "properties": Language(
        "dotted",
        ("app.<NAME>=<VALUE>", "app.<NAME> = <VALUE>\napp.port = 1"),
        ("app.<NAME>=${<UPPER>}", "app.<NAME>=", "app.<NAME>=@<NAME>@"),
    ),
    "python": Language(
        "snake",
        ('<NAME> = "<VALUE>"', "run(host='db', <NAME>='<VALUE>')", 'CONF = {"<NAME>": "<VALUE>"}'),
        ('<NAME> = os.environ["<UPPER>"]', "def f(<NAME>: str = None): ...", "<NAME> = args.<NAME>"),
    ),
    "ruby": Language(
        "snake",
        ("<NAME> = '<VALUE>'", 'config.<NAME> = "<VALUE>"', "x(:<NAME> => '<VALUE>')"),
        ("<NAME> = ENV['<UPPER>']", "def f(<NAME>:, port: 1)", "attr_accessor :<NAME>"),
    ),
    "rust": Language(
        "upper",
        ('const <NAME>: &str = "<VALUE>";', 'static <NAME>: &\'static str = "<VALUE>";'),
        (
            'let x = env::var("<NAME>")?;',
            'const <NAME>: Option<&str> = option_env!("<NAME>");',
            "use crate::<NAME>;",
        ),
    ),
    "scala": Language(
        "camel",
        ('val <NAME> = "<VALUE>"', 'lazy val <NAME>: String = "<VALUE>"'),
        (
            'val <NAME> = sys.env("<UPPER>")',
            "case class C(<NAME>: String)",
            "def <NAME>: String = conf.<NAME>",
        ),
    ),
    "shell": Language(
        "upper",
        ("export <NAME>='<VALUE>'", '<NAME>="<VALUE>"\necho ok', "<NAME>=<VALUE> ./run"),
        ('<NAME>="$1"', "read -rs <NAME>", '<NAME>="$(cat /run/secrets/x)"', ': "${<NAME>:?}"'),
    ),
    "swift": Language(
        "camel",
        ('let <NAME> = "<VALUE>"', 'static let <NAME>: String = "<VALUE>"'),
        ('let <NAME> = env["<UPPER>"]', '@State private var <NAME> = ""', "init(<NAME>: String) {"),
    ),
    "toml": Language(
        "snake",
        ('[app]\n<NAME> = "<VALUE>"', "<NAME> = '<VALUE>'\nport = 1"),
        ('<NAME> = ""', 'required = ["<NAME>"]', '<NAME>_file = "/run/secrets/x"'),
    ),
    "typescript": Language(
        "camel",
        ("private readonly <NAME>: string = '<VALUE>';", "const c: Conf = { <NAME>: '<VALUE>' };"),
        ("<NAME>: string;", "constructor(private <NAME>: string) {}", "const <NAME> = process.env.<UPPER>!;"),
    ),
    "xml": Language(
        "camel",
        ("<conf>\n  <<NAME>><VALUE></<NAME>>\n</conf>", '<property name="<NAME>" value="<VALUE>"/>'),
        ("<<NAME>></<NAME>>", "<<NAME>>${<UPPER>}</<NAME>>", '<xs:element name="<NAME>" type="xs:string"/>'),
    ),
    "yaml": Language(
        "snake",
        ("app:\n  <NAME>: <VALUE>\n  port: 1", '<NAME>: "<VALUE>"'),
        ("<NAME>: ${<UPPER>}", "<NAME>:\n  from: vault", "<NAME>: null"),
    ),
}

PASSWORD_NAMES = (
    *("db password", "password", "smtp passwd", "admin pwd", "mail password", "root pass", "user password"),
    *("keystore password", "passphrase", "login password"),
)
KEY_NAMES = (
    *("api key", "secret key", "auth token", "access token", "client secret", "signing key", "api secret"),
    *("encryption key", "app secret", "webhook secret"),
)


def styled(words: str, style: str) -> str:
    """Join the words of a name in a style.

    Examples:
        >>> styled("db password", "camel"), styled("db password", "dotted")
        ('dbPassword', 'db.password')
    """
    parts = words.split()
    joined = {
        "snake": "_".join(parts),
        "upper": "_".join(parts).upper(),
        "camel": parts[0] + "".join(part.capitalize() for part in parts[1:]),
        "pascal": "".join(part.capitalize() for part in parts),
        "dotted": ".".join(parts),
    }
    return joined[style]
