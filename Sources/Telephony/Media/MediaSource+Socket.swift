internal import NIOCore
internal import Signalling

extension MediaSource {
  /// The source in a socket's address; nil when it is no address of the Internet. Reads the octets of `sockaddr_in` and
  /// `sockaddr_in6` (port at 2, address at 4 and 8), not text: allocates nothing, however often the sender changes.
  init?(_ address: SocketAddress) {
    switch address {
    case .v4(let address):
      var octets = address.address
      let (port, number) = withUnsafeBytes(of: &octets) {
        ($0.load(fromByteOffset: 2, as: UInt16.self), $0.load(fromByteOffset: 4, as: UInt32.self))
      }
      self.init(address: IPAddress(v4: UInt32(bigEndian: number)), port: UInt16(bigEndian: port))
    case .v6(let address):
      var octets = address.address
      let (port, high, low) = withUnsafeBytes(of: &octets) {
        (
          $0.load(fromByteOffset: 2, as: UInt16.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
          $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        )
      }
      self.init(
        address: IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low)), port: UInt16(bigEndian: port))
    case .unixDomainSocket: return nil
    }
  }
}
