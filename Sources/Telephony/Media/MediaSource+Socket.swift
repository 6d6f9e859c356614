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
    let found = address.withSockAddr { pointer, size -> MediaSource? in
      let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
      func number(at start: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<start + count { value = value << 8 | UInt64(bytes[index]) }
        return value
      }
      switch Int32(pointer.pointee.sa_family) {
      case AF_INET where size >= 8:
        return MediaSource(address: IPAddress(v4: UInt32(number(at: 4, 4))), port: UInt16(number(at: 2, 2)))
      case AF_INET6 where size >= 24:
        return MediaSource(
          address: IPAddress(high: number(at: 8, 8), low: number(at: 16, 8)), port: UInt16(number(at: 2, 2)))
      default: return nil
      }
    }
    guard let found else { return nil }
    self = found
  }
}
