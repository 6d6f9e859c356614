internal import Core
internal import NIOCore
internal import NIOPosix
internal import Signalling

extension RTPPort {
  /// Binds the pair of sockets on a loop; the port is released when that fails and when the call ends.
  static func bind(
    host: String, ports: MediaPorts, latching: SourceLatch.Policy, on loop: any EventLoop, attempts: Int = 8
  ) -> EventLoopFuture<NIOLoopBound<RTPPort>> {
    guard attempts > 0, let port = ports.take() else {
      return loop.makeFailedFuture(
        TelephonyError(
          .noMediaPort, "no free port for audio", hint: "widen sip.rtp_ports, or lower the number of calls at once",
          isRetryable: true))
    }
    let holder = NIOLoopBoundBox<RTPPort?>(nil, eventLoop: loop)
    let rtp = socket(host, port, on: loop) { holder.value?.receive($0, from: $1) }
    let rtcp = socket(host, port + 1, on: loop) { holder.value?.receive(control: $0, from: $1) }
    return rtp.and(rtcp)
      .map { rtp, rtcp in
        let made = RTPPort(rtp: rtp, rtcp: rtcp, localPort: port, latching: latching) {
          ports.release(port)
          loop.execute { holder.value = nil }
        }
        holder.value = made
        return NIOLoopBound(made, eventLoop: loop)
      }
      .flatMapError { _ in
        // One of the two may be bound.
        for half in [rtp, rtcp] { half.whenSuccess { $0.close(promise: nil) } }
        ports.release(port)
        return bind(host: host, ports: ports, latching: latching, on: loop, attempts: attempts - 1)
      }
  }

  private static func socket(
    _ host: String, _ port: UInt16, on loop: any EventLoop,
    receive: @escaping (ByteBuffer, SocketAddress) -> Void
  ) -> EventLoopFuture<any NIOCore.Channel> {
    let receive = NIOLoopBound(receive, eventLoop: loop)
    return DatagramBootstrap(group: loop)
      .channelOption(.datagramVectorReadMessageCount, value: 8)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8 * 2048))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(PacketHandler(receive: receive.value))
        }
      }
      .bind(host: host, port: Int(port))
  }
}

private final class PacketHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  private let receive: (ByteBuffer, SocketAddress) -> Void
  init(receive: @escaping (ByteBuffer, SocketAddress) -> Void) { self.receive = receive }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    receive(envelope.data, envelope.remoteAddress)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A peer that closed its port answers with ICMP; the signalling decides when the call is over.
  }
}
