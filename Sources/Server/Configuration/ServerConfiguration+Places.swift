internal import Core
internal import Signalling
internal import Telephony

extension ServerConfiguration {
  /// Somewhere the server may call: who, over what, and who listens.
  public struct CalledPlace: Sendable, Equatable {
    /// Such as `sip:support@pbx.example.com`.
    public var uri: String
    /// The name of the trunk it goes over; nil for the URI's own address.
    public var trunk: String?
    /// The name of the place of who listens once a caller was handed to this one.
    public var listener: String?
  }

  /// A PBX or carrier that calls of the server go over.
  public struct CalledTrunk: Sendable, Equatable {
    /// Such as `sip:trunk.example.com;transport=tcp`.
    public var address: String
    /// Who calls, as the trunk knows us.
    public var caller: String?
    /// The user that answers its challenges.
    public var user: String?
    /// The name of the secret that is the user's password.
    public var passwordSecret: String?
  }

  /// Places and trunks as the telephone side takes them.
  func takePlaces(into telephony: inout TelephonyConfiguration, _ secrets: Secrets) throws(ServerError) {
    for (name, trunk) in sip.trunks.sorted(by: { $0.key < $1.key }) {
      var made = Trunk(try Self.uri(trunk.address, "sip.trunks.\(name).address"))
      if let caller = trunk.caller { made.caller = try Self.uri(caller, "sip.trunks.\(name).caller") }
      if let user = trunk.user, let secret = trunk.passwordSecret {
        made.credentials = DialCredentials(
          DigestCredentials(user: user, password: try secrets.required(secret, for: "the trunk \(name)")))
      }
      telephony.trunks[name] = made
    }
    for (name, place) in sip.places.sorted(by: { $0.key < $1.key }) {
      for (key, other, known) in [
        ("trunk", place.trunk, Set(sip.trunks.keys)), ("listener", place.listener, Set(sip.places.keys)),
      ] {
        guard let other, !known.contains(other) else { continue }
        throw ServerError(
          .configuration, "sip.places.\(name).\(key): there is no `\(other)`",
          hint: "add sip.\(key == "trunk" ? "trunks" : "places").\(other)"
            + (known.isEmpty ? "" : ", or name one of: \(known.sorted().joined(separator: ", "))"))
      }
      telephony.places[name] = Place(try Self.uri(place.uri, "sip.places.\(name).uri"), over: place.trunk)
    }
  }

  private static func uri(_ text: String, _ key: String) throws(ServerError) -> SIPURI {
    guard let uri = SIPURI(text) else {
      throw ServerError(
        .configuration, "\(key): `\(text)` is no SIP address", hint: "such as sip:support@pbx.example.com")
    }
    return uri
  }
}
