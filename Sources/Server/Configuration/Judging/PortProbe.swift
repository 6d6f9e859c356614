internal import Foundation
internal import NIOCore

/// Whether somebody could listen on this machine: tried, and let go at once.
enum PortProbe {
  enum Transport: String {
    case udp = "UDP"
    case tcp = "TCP"
  }

  /// The system's number of why not; nil when it can be done.
  static func refusal(_ transport: Transport, address: String, port: UInt16) -> Int32? {
    guard let place = try? SocketAddress(ipAddress: address, port: Int(port)) else { return EADDRNOTAVAIL }
    let kind = transport == .udp ? SOCK_DGRAM : SOCK_STREAM
    let descriptor = socket(place.protocol == .inet ? AF_INET : AF_INET6, Int32(kind.rawValue) | closingOnExec, 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    // As servers do: connections of an earlier run that are not over yet hold no port.
    var yes: Int32 = 1
    if transport == .tcp {
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    guard place.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else { return errno }
    guard transport == .udp || listen(descriptor, 1) == 0 else { return errno }
    return nil
  }

  private static let closingOnExec = Int32(SOCK_CLOEXEC.rawValue)
}
