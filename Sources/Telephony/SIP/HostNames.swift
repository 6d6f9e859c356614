internal import NIOCore
internal import NIOPosix
internal import Signalling

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Looks up the names that peers write where addresses belong (`c=`), off the loop and within a deadline. Isolation: its loop.
final class HostNames {
  /// How long a caller waits for it.
  private static let deadline = TimeAmount.seconds(2)
  /// Descriptions that are looked up at once; a resolver that hangs takes no more threads than these.
  private static let capacity = 4

  private let loop: any EventLoop
  /// Whether our sockets are of IPv4.
  private let isV4: Bool
  private let look: @Sendable (String, Bool) -> IPAddress?
  private var underWay = 0

  init(
    loop: any EventLoop, isV4: Bool,
    look: @escaping @Sendable (String, Bool) -> IPAddress? = { HostNames.system($0, isV4: $1) }
  ) {
    self.loop = loop
    self.isV4 = isV4
    self.look = look
  }

  /// The description with addresses in place of all names; nil when one cannot be found in time. At once when there are none.
  func resolve(_ description: SessionDescription?, _ body: @escaping (SessionDescription?) -> Void) {
    guard let description else { return body(nil) }
    let names = description.hostNames
    guard !names.isEmpty else { return body(description) }
    guard underWay < Self.capacity, names.count <= 4, names.allSatisfy(Self.isName) else { return body(nil) }
    underWay += 1
    let found = loop.makePromise(of: [String: IPAddress].self)
    let deadline = loop.scheduleTask(in: Self.deadline) { found.fail(ChannelError.connectTimeout(Self.deadline)) }
    let bound = NIOLoopBound((self, body), eventLoop: loop)
    let (look, isV4) = (look, isV4)
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
      var addresses: [String: IPAddress] = [:]
      for name in names { addresses[name] = look(name, isV4) }
      return addresses
    }.whenComplete { result in
      bound.value.0.underWay -= 1
      deadline.cancel()
      found.completeWith(result)
    }
    found.futureResult.whenComplete { result in
      guard case .success(let addresses) = result, names.allSatisfy({ addresses[$0] != nil }) else {
        return bound.value.1(nil)
      }
      bound.value.1(description.resolved(addresses))
    }
  }

  /// Whether it may be the name of a host (RFC 3261 section 25.1): the last label begins with a letter. The system's resolver takes numbers in
  /// any notation for addresses.
  private static func isName(_ text: String) -> Bool {
    let last = text.split(separator: ".").last
    return text.utf8.count <= 253 && last?.first.map { $0.isASCII && $0.isLetter } ?? false
  }

  /// The first address of our sockets' family that the system's resolver has. Blocks its thread.
  static func system(_ name: String, isV4: Bool) -> IPAddress? {
    var hints = addrinfo()
    hints.ai_family = isV4 ? AF_INET : AF_INET6
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0, let list else { return nil }
    defer { freeaddrinfo(list) }
    guard let address = list.pointee.ai_addr else { return nil }
    return IPAddress(
      socketAddress: UnsafeRawBufferPointer(start: address, count: Int(list.pointee.ai_addrlen)))
  }
}
