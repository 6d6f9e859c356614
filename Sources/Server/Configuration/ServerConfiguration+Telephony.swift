internal import Core
internal import Governance
internal import Logging
internal import Signalling
internal import Telephony

extension ServerConfiguration {
  /// What the telephone side is given; secrets resolved, addresses parsed.
  func telephony(_ secrets: Secrets, logger: Logger) throws(ServerError) -> TelephonyConfiguration {
    var telephony = TelephonyConfiguration(
      address: sip.listener.address, port: sip.listener.port, mediaPorts: sip.mediaPorts)
    if let advertised = sip.advertised {
      guard let address = IPAddress(advertised), !address.isUnspecified else {
        throw ServerError(
          .configuration, "sip.advertised: `\(advertised)` is no address that others reach",
          hint: "the address that peers send to, such as 203.0.113.5")
      }
      telephony.advertised = advertised
    }
    telephony.codecs = sip.codecs
    telephony.latching = sip.latching
    for text in sip.trusted {
      guard let range = AddressRange(text) else {
        throw ServerError(
          .configuration, "sip.trusted: `\(text)` is no address or block", hint: "such as 192.0.2.7 or 192.0.2.0/24")
      }
      telephony.trusted.append(range)
    }
    for (user, secret) in sip.users {
      let password = try secrets.required(secret, for: "SIP user \(user)")
      telephony.users[user] = Sensitive(token: SensitiveToken(label: .secret, id: secret), value: password)
    }
    for registrar in sip.registrations { telephony.registrations.append(try registration(registrar, secrets)) }
    try takePlaces(into: &telephony, secrets)
    // The switchboard admits `limits.calls`. Calls whose BYE still waits for an answer, half a minute at most, take no place
    // from others.
    telephony.maximumCalls = limits.calls * 2
    telephony.shares = shares(telephony.trusted)
    if tracesSIP {
      telephony.trace = { direction, message, path in
        logger.info(
          "sip", metadata: ["direction": "\(direction.rawValue)", "sip": "\(SIPRedactor.redact(message))"])
      }
    }
    return telephony
  }

  /// Whoever is named by an address of its own stands for many callers: in `trusted`, as a trunk, as a registrar.
  private func shares(_ trusted: [AddressRange]) -> CallShares {
    var shares = CallShares(of: limits.calls)
    shares.each = limits.callsPerAddress ?? shares.each
    let hosts = (sip.registrations.map(\.registrar) + sip.trunks.values.map(\.address)).compactMap(\.destination?.host)
    shares.peers = Set(trusted.compactMap(\.single) + hosts.compactMap { IPAddress($0) })
    return shares
  }

  private func registration(_ registrar: Registrar, _ secrets: Secrets) throws(ServerError) -> Registration {
    let password = try secrets.required(registrar.passwordSecret, for: "the registration at \(registrar.registrar)")
    return Registration(
      id: "\(registrar.address)", registrar: registrar.registrar, addressOfRecord: registrar.address,
      credentials: DigestCredentials(user: registrar.user, password: password), expires: registrar.expires)
  }
}
