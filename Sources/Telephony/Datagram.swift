internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

extension NIOCore.Channel {
  /// Sends one datagram now. To be called on the channel's loop.
  ///
  /// NIO's own write closes the whole socket when the system refuses one destination (no route, port 0, another family):
  /// one peer's bad address would end the calls of all.
  /// - Throws: `IOError` when it cannot leave. One that finds the socket's buffer full is lost without an error, as it may
  ///   be anywhere on its way.
  func send(datagram bytes: UnsafeRawBufferPointer, to address: SocketAddress) throws {
    let code = try pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { handle in
      address.withSockAddr { pointer, size in
        sendto(handle, bytes.baseAddress, bytes.count, 0, pointer, socklen_t(size)) < 0 ? errno : 0
      }
    }
    guard let code else { throw ChannelError.operationUnsupported }
    guard code == 0 || code == EAGAIN || code == ENOBUFS else { throw IOError(errnoCode: code, reason: "sendto") }
  }
}
