internal import NIOCore
internal import Signalling

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The address that peers are told: in Contact, Via and session descriptions.
enum AdvertisedAddress {
  /// The one of the configuration, else the one bound; where all addresses are bound, the one from which the system would send to
  /// those who may call or be called.
  /// - Throws: `bad_address` when that cannot be told.
  static func choose(_ configuration: TelephonyConfiguration) throws(TelephonyError) -> String {
    if let advertised = configuration.advertised {
      guard let address = IPAddress(advertised), !address.isUnspecified else {
        throw TelephonyError(
          .badAddress, "sip.advertised: `\(advertised)` is no address that others reach",
          hint: "the address that peers send to, such as 203.0.113.5")
      }
      return advertised
    }
    guard let bound = IPAddress(configuration.address), bound.isUnspecified else { return configuration.address }
    let peers = configuration.registrations.compactMap { IPAddress($0.registrar.host.withoutIPv6Brackets) }
    let called = (configuration.trunks.values.map(\.address) + configuration.places.values.map(\.uri)).compactMap {
      IPAddress($0.host.withoutIPv6Brackets)
    }
    for peer in peers + configuration.trusted.map(\.first) + called where peer.isV4 == bound.isV4 && !peer.isUnspecified
    {
      if let source = source(toward: peer) { return source }
    }
    throw TelephonyError(
      .badAddress, "\(configuration.address) stands for all addresses, and none of them can be told to peers",
      hint: "set sip.advertised (REPARTEE_SIP_ADVERTISED) to the address that peers send to")
  }

  /// Asks the system's routes; sends nothing.
  private static func source(toward peer: IPAddress) -> String? {
    guard let address = try? SocketAddress(ipAddress: peer.description, port: 9) else { return nil }
    let handle = socket(peer.isV4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    guard handle >= 0 else { return nil }
    defer { close(handle) }
    guard address.withSockAddr({ connect(handle, $0, socklen_t($1)) }) == 0 else { return nil }
    // Room for either family.
    var found = [UInt8](repeating: 0, count: 28)
    var size = socklen_t(found.count)
    let code = found.withUnsafeMutableBytes { octets in
      octets.baseAddress.map { getsockname(handle, $0.assumingMemoryBound(to: sockaddr.self), &size) } ?? -1
    }
    guard code == 0 else { return nil }
    return found.withUnsafeBytes { IPAddress(socketAddress: $0)?.description }
  }
}

extension String {
  fileprivate var withoutIPv6Brackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
