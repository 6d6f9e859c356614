internal import NIOCore
internal import Signalling

extension IPAddress {
  /// The address of a socket, read without its text; nil for a socket of the file system.
  init?(_ address: SocketAddress) {
    let found = address.withSockAddr { pointer, size in
      IPAddress(socketAddress: UnsafeRawBufferPointer(start: pointer, count: size))
    }
    guard let found else { return nil }
    self = found
  }

  /// The address in the system's form (`sockaddr_in`, `sockaddr_in6` of Linux): the family in two octets, the port in two, and
  /// the address behind them, for IPv6 behind four octets more.
  init?(socketAddress octets: UnsafeRawBufferPointer) {
    guard octets.count >= 8 else { return nil }
    switch octets.loadUnaligned(as: UInt16.self) {
    case 2: self.init(v4: octets[4..<8].reduce(0) { $0 << 8 | UInt32($1) })
    case 10 where octets.count >= 24:
      self.init(
        high: octets[8..<16].reduce(0) { $0 << 8 | UInt64($1) }, low: octets[16..<24].reduce(0) { $0 << 8 | UInt64($1) }
      )
    default: return nil
    }
  }
}
