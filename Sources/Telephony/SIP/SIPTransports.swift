internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Signalling

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The sockets under the user agent: one for UDP, one that accepts TCP, and the connections of either side. Bytes and
/// datagrams in, messages out. Isolation: its loop.
final class SIPTransports {
  /// Open stream connections; more are refused.
  private static let maximumConnections = 1024

  /// Where a connection of ours leads.
  private struct Place: Hashable {
    var host: String
    var port: UInt16
  }

  private let loop: any EventLoop
  private let parser = SIPParser()
  private var udp: (any NIOCore.Channel)?
  private var tcp: (any NIOCore.Channel)?
  private var connections: [UInt64: any NIOCore.Channel] = [:]
  private var lastConnection: UInt64 = 0
  private var opened: [Place: EventLoopFuture<any NIOCore.Channel>] = [:]
  /// Takes what came from the network.
  var receive: ((Result<SIPMessage, SIPParseFailure>, TransportPath) -> Void)?

  init(loop: any EventLoop) { self.loop = loop }

  /// Binds both sockets to one port. The future is of the loop.
  func bind(host: String, port: UInt16) -> EventLoopFuture<UInt16> {
    let transports = NIOLoopBound(self, eventLoop: loop)
    return DatagramBootstrap(group: loop)
      .channelOption(.datagramVectorReadMessageCount, value: 16)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16 * 65_536))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(DatagramHandler(transports: transports.value))
        }
      }
      .bind(host: host, port: Int(port))
      .flatMap { udp in
        transports.value.udp = udp
        let bound = udp.localAddress?.port ?? Int(port)
        return transports.value.listen(host: host, port: bound).map { UInt16(bound) }
      }
      .flatMapErrorThrowing { error in
        transports.value.udp?.close(promise: nil)
        throw error
      }
  }

  private func listen(host: String, port: Int) -> EventLoopFuture<Void> {
    let transports = NIOLoopBound(self, eventLoop: loop)
    return ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try transports.value.adopt(channel) }
      }
      .bind(host: host, port: port)
      .map { transports.value.tcp = $0 }
  }

  @discardableResult
  private func adopt(_ channel: any NIOCore.Channel) throws -> UInt64 {
    guard connections.count < Self.maximumConnections else { throw ChannelError.connectTimeout(.zero) }
    lastConnection += 1
    let id = lastConnection
    connections[id] = channel
    try channel.pipeline.syncOperations.addHandler(StreamHandler(transports: self, id: id))
    return id
  }

  fileprivate func closed(_ id: UInt64) { connections[id] = nil }

  fileprivate func take(_ bytes: [UInt8], from path: TransportPath) {
    // A lone CRLF is a keep-alive (RFC 5626 section 4.4.1).
    guard bytes.contains(where: { $0 != 13 && $0 != 10 && $0 != 0 }) else { return }
    do throws(SIPParseFailure) {
      receive?(.success(try parser.parse(bytes)), path)
    } catch {
      receive?(.failure(error), path)
    }
  }

  /// Sends bytes; the future fails when they cannot leave.
  func send(_ bytes: [UInt8], to path: TransportPath) -> EventLoopFuture<Void> {
    switch path.transport {
    case .udp:
      guard let udp else { return loop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
      return address(path).flatMapThrowing { address in
        try bytes.withUnsafeBytes { try udp.send(datagram: $0, to: address) }
      }
    case .tcp, .tls:
      if let id = path.connection, let channel = connections[id] {
        return channel.writeAndFlush(ByteBuffer(bytes: bytes))
      }
      return connect(path).flatMap { $0.writeAndFlush(ByteBuffer(bytes: bytes)) }
    }
  }

  /// The connection that we opened to this place, or a new one.
  private func connect(_ path: TransportPath) -> EventLoopFuture<any NIOCore.Channel> {
    let place = Place(host: path.host, port: path.port)
    if let known = opened[place] { return known }
    let transports = NIOLoopBound(self, eventLoop: loop)
    let connection = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(5))
      // A connection whose other end is silently gone is given up before the next attempt.
      .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: 20_000)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try transports.value.adopt(channel) }
      }
      .connect(host: path.host, port: Int(path.port))
    opened[place] = connection
    connection.whenComplete { result in
      guard case .success(let channel) = result else {
        transports.value.opened[place] = nil
        return
      }
      channel.closeFuture.whenComplete { _ in transports.value.opened[place] = nil }
    }
    return connection
  }

  /// Numeric addresses at once; names on a thread of their own, so that a slow resolver holds nobody up.
  private func address(_ path: TransportPath) -> EventLoopFuture<SocketAddress> {
    if let numeric = try? SocketAddress(ipAddress: path.host, port: Int(path.port)) {
      return loop.makeSucceededFuture(numeric)
    }
    return NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
      try SocketAddress.makeAddressResolvingHost(path.host, port: Int(path.port))
    }
  }

  /// Closes all sockets.
  func close() -> EventLoopFuture<Void> {
    let channels = [udp, tcp].compactMap { $0 } + Array(connections.values)
    return EventLoopFuture.whenAllComplete(channels.map { $0.close() }, on: loop).map { _ in }
  }
}

extension TransportPath {
  init?(_ transport: SIPTransport, _ address: SocketAddress?, connection: UInt64? = nil) {
    guard let address, let host = address.ipAddress, let port = address.port else { return nil }
    self.init(transport: transport, host: host, port: UInt16(clamping: port), connection: connection)
  }
}

private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  private let transports: SIPTransports
  init(transports: SIPTransports) { self.transports = transports }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    guard let path = TransportPath(.udp, envelope.remoteAddress) else { return }
    transports.take(Array(envelope.data.readableBytesView), from: path)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // An ICMP error of one peer must not close the socket of all.
  }
}

private final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer
  private let transports: SIPTransports
  private let id: UInt64
  private var framer = StreamFramer()

  init(transports: SIPTransports, id: UInt64) {
    self.transports = transports
    self.id = id
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let path = TransportPath(.tcp, context.remoteAddress, connection: id) else { return }
    framer.append(unwrapInboundIn(data).readableBytesView)
    do throws(SignallingError) {
      while let frame = try framer.next() {
        switch frame {
        case .message(let bytes): transports.take(bytes, from: path)
        case .keepAlive: context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "\r\n")), promise: nil)
        }
      }
    } catch {
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { transports.closed(id) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
