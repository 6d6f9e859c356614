internal import NIOCore
internal import Signalling

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

extension MediaSource {
  /// The source in a socket's address; nil when it is no address of the Internet. Reads octets, not text: allocates nothing,
  /// however often the sender changes.
  init?(_ address: SocketAddress) {
    switch address {
    case .v4(let address):
      let octets = address.address
      self.init(
        address: IPAddress(v4: UInt32(bigEndian: octets.sin_addr.s_addr)), port: UInt16(bigEndian: octets.sin_port))
    case .v6(let address):
      var octets = address.address
      let (high, low) = withUnsafeBytes(of: &octets.sin6_addr) {
        ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
      }
      self.init(
        address: IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low)),
        port: UInt16(bigEndian: octets.sin6_port))
    case .unixDomainSocket: return nil
    }
  }
}
