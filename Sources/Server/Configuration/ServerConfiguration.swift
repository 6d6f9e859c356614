public import Core
public import Governance
public import Logging
public import Signalling

/// Everything the server is told before it starts. Every value has a default; a file overrides the defaults, the environment
/// overrides the file, and command-line options override the environment. Secrets come from the environment or files only.
public struct ServerConfiguration: Sendable {
  /// The enterprise served.
  public var tenant: TenantID = "default"
  /// Folder of journal, vault and ledgers.
  public var data = ".state"
  /// Folder of the engines' files.
  public var pack = ".pack"
  /// File of the key under which the vault's keys lie; made when absent.
  public var vaultKey: String?
  /// SIP.
  public var sip = SIP()
  /// HTTP: health and readiness.
  public var http = Listener(address: "127.0.0.1", port: 8080)
  /// Numbers or users called, and the assistant that answers; `*` for all others.
  public var numbers: [String: AssistantSource] = [:]
  /// Those numbers whose callers' words are not recognised: only keys, and whether somebody speaks, reach the flows.
  public var keysOnly: Set<String> = []
  /// What assistants may use of the environment as addresses.
  public var addresses: [AddressGrant] = []
  /// What assistants may send of the environment to back ends.
  public var secrets: [SecretGrant] = []
  /// What may leave in clear, and where.
  public var policy = DataPolicy.standard
  /// The labels that the policy names.
  var namedLabels: [NamedLabel] = []
  /// This server's name where it is written who has a call and who asked for a change; nil: the machine's.
  public var node: String?
  /// Which engines of the pack.
  public var engines = Engines()
  /// Bounds.
  public var limits = Limits()
  /// Seconds by which civil time is ahead of UTC; nil: the machine's.
  public var utcOffsetSeconds: Int?
  /// What is logged.
  public var logLevel: Logger.Level = .info
  /// Writes what is said, in clear, to this file; for rehearsals only.
  public var transcript: String?
  /// Writes SIP messages, redacted, to the log.
  public var tracesSIP = false

  /// Where a value that is no default comes from, by its path of keys: file, line and column, or a name of the environment.
  var origins: [String: String] = [:]

  /// The defaults.
  public init() {}

  /// Where the assistant of a number comes from.
  public enum AssistantSource: Hashable, Sendable {
    /// An author's folder, as it is when the server starts.
    case folder(String)
    /// The name under which versions are published; the current one takes the next call.
    case published(String)
  }

  /// An address to listen on.
  public struct Listener: Sendable, Equatable {
    /// Numeric address.
    public var address: String
    /// Port; 0 for any free one.
    public var port: UInt16
  }

  /// The telephone side.
  public struct SIP: Sendable, Equatable {
    /// Where to listen.
    public var listener = Listener(address: "127.0.0.1", port: 5060)
    /// Address that peers send to, when it is not the one listened on: behind an address translator.
    public var advertised: String?
    /// Ports for audio.
    public var mediaPorts: ClosedRange<UInt16> = 20000...20999
    /// Codecs in order of preference.
    public var codecs = AudioCodec.allCases
    /// Who may become the source of a call's audio.
    public var latching = SourceLatch.Policy.sameHost
    /// Addresses and blocks that may call without authentication.
    public var trusted: [String] = ["127.0.0.0/8"]
    /// Users that authenticate, each with the name of the secret that is its password.
    public var users: [String: String] = [:]
    /// PBXs and trunks to register at.
    public var registrations: [Registrar] = []
    /// Where the server may call, by name: a destination `place:NAME` is rung by the server, which stays between.
    public var places: [String: CalledPlace] = [:]
    /// What its calls go over, by name.
    public var trunks: [String: CalledTrunk] = [:]

    /// The names of the secrets that are passwords of users, registrations and trunks, by the keys that name them, in their order.
    var passwords: [(key: String, secret: String)] {
      let users = users.map { ("sip.users.\($0.key).password", $0.value) }
      let registrations = registrations.enumerated().map {
        ("sip.registrations[\($0.offset)].password", $0.element.passwordSecret)
      }
      let trunks = trunks.compactMap { name, trunk in
        trunk.passwordSecret.map { ("sip.trunks.\(name).password", $0) }
      }
      return (users + registrations + trunks).sorted { $0.0 < $1.0 }
    }
  }

  /// A PBX or trunk to register at.
  public struct Registrar: Sendable, Equatable {
    /// Such as `sip:pbx.example.com`.
    public var registrar: SIPURI
    /// Such as `sip:agent@pbx.example.com`.
    public var address: SIPURI
    /// The user that authenticates.
    public var user: String
    /// The name of the secret that is its password.
    public var passwordSecret: String
    /// Seconds.
    public var expires: Int
  }

  /// Engines by their ids in the manifest.
  public struct Engines: Sendable, Equatable {
    /// Tells voice.
    public var detector = "silero-vad"
    /// Makes words.
    public var recognizer = "moonshine-base-en"
    /// Speaks.
    public var voice = "piper-joe-en-us"
    /// Makes vectors of meaning.
    public var embedder = "minilm-l6-v2"
    /// Threads for inference.
    public var threads = 2
  }

  /// Bounds.
  public struct Limits: Sendable, Equatable {
    /// Calls at once.
    public var calls = 50
    /// Calls at once of one address that is no PBX or trunk; nil: half of them.
    public var callsPerAddress: Int?
    /// Requests at a time to one back end.
    public var backEndRequests = 100
    /// How long calls may go on after the server was asked to stop.
    public var drain: CallSpan = .seconds(30)
  }
}
