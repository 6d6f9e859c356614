internal import Assistant
public import Signalling
internal import Telephony

extension ServerConfiguration {
  /// Somewhere the server may call: who, over what, and who listens.
  public struct CalledPlace: Sendable, Equatable {
    /// Such as `sip:support@pbx.example.com`.
    public var uri: SIPURI
    /// The name of the trunk it goes over; nil for the URI's own address.
    public var trunk: String?
    /// The name of the place of who listens once a caller was handed to this one.
    public var listener: String?
  }

  /// A PBX or carrier that calls of the server go over.
  public struct CalledTrunk: Sendable, Equatable {
    /// Such as `sip:trunk.example.com;transport=tcp`.
    public var address: SIPURI
    /// Who calls, as the trunk knows us.
    public var caller: SIPURI?
    /// The user that answers its challenges.
    public var user: String?
    /// The name of the secret that is the user's password.
    public var passwordSecret: String?
  }

  /// Reads `places` and `trunks`: each names only what is there, and nobody listens to themselves.
  mutating func take(places map: YAMLMap) {
    let trunks = map["trunks"]?.entries("trunks, each with its address") ?? []
    for (key, value) in trunks {
      guard let trunk = value.map("a trunk", keys: ["address", "caller", "user", "password"]),
        let address = Self.uri(trunk.required("address"))
      else { continue }
      let isChallenged = trunk["user"] != nil || trunk["password"] != nil
      sip.trunks[key.key] = CalledTrunk(
        address: address, caller: Self.uri(trunk["caller"]),
        user: isChallenged ? trunk.required("user")?.text() : nil,
        passwordSecret: isChallenged ? trunk.required("password").flatMap(Self.secretName) : nil)
    }
    let places = map["places"]?.entries("places to call, each with its address") ?? []
    var listeners: [String: YAMLReader] = [:]
    for (key, value) in places {
      guard let place = value.map("a place to call", keys: ["uri", "trunk", "listener"]),
        let uri = Self.uri(place.required("uri"))
      else { continue }
      let trunk = Self.name(place["trunk"], of: "trunks", among: trunks.map(\.key.key))
      let listener = Self.name(place["listener"], of: "places", among: places.map(\.key.key))
      if listener != nil { listeners[key.key] = place["listener"] }
      sip.places[key.key] = CalledPlace(uri: uri, trunk: trunk, listener: listener)
    }
    for (name, reader) in listeners { judge(listener: reader, of: name) }
  }

  /// The name of something that there is; nil, with the reason told, for any other.
  private static func name(_ reader: YAMLReader?, of kind: String, among known: [String]) -> String? {
    guard let reader, let name = reader.text() else { return nil }
    if known.contains(name) { return name }
    reader.error(
      .unknownName, "there is no `\(name)`",
      hint: "add sip.\(kind).\(name)"
        + (known.isEmpty ? "" : ", or name one of: \(known.sorted().joined(separator: ", "))"))
    return nil
  }

  /// Whoever listens is another telephone, and is not listened to by whom they listen to. A circle is told once.
  private func judge(listener reader: YAMLReader, of name: String) {
    var chain = [name]
    while let next = chain.last.flatMap({ sip.places[$0]?.listener }), !chain.contains(next) { chain.append(next) }
    if chain.last.flatMap({ sip.places[$0]?.listener }) == name {
      guard chain.min() == name else { return }
      let message =
        chain.count == 1
        ? "`\(name)` would listen to itself"
        : "the places listen to each other in a circle: \((chain + [name]).joined(separator: ", "))"
      reader.error(.wrongValue, message, hint: "name the place of somebody else, or nobody")
    } else if let place = sip.places[name], let other = place.listener.flatMap({ sip.places[$0] }),
      place.uri == other.uri, place.trunk == other.trunk
    {
      reader.error(
        .wrongValue, "`\(chain[1])` is the same telephone as `\(name)`",
        hint: "name the place of somebody else, or nobody")
    }
  }

  /// Places and trunks as the telephone side takes them.
  func takePlaces(into telephony: inout TelephonyConfiguration, _ secrets: Secrets) throws(ServerError) {
    for (name, trunk) in sip.trunks.sorted(by: { $0.key < $1.key }) {
      var made = Trunk(trunk.address, caller: trunk.caller)
      if let user = trunk.user, let secret = trunk.passwordSecret {
        made.credentials = DialCredentials(
          DigestCredentials(user: user, password: try secrets.required(secret, for: "the trunk \(name)")))
      }
      telephony.trunks[name] = made
    }
    for (name, place) in sip.places { telephony.places[name] = Place(place.uri, over: place.trunk) }
  }
}
