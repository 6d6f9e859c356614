internal import NIOCore
internal import NIOPosix
internal import Signalling

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The sockets under the user agent: one for UDP, one that accepts TCP, and the connections of either side. Bytes and
/// datagrams in, messages out. What an address may send is asked before an octet is parsed. Isolation: its loop.
final class SIPTransports {
  private let loop: any EventLoop
  private let limits: StreamLimits
  private let parser = SIPParser()
  private let origin = NIODeadline.now()
  private var gate: SourceGate
  private var udp: (any NIOCore.Channel)?
  private var tcp: (any NIOCore.Channel)?
  private var streams: StreamTable
  /// Takes what came from the network.
  var receive: ((Result<SIPMessage, SIPParseFailure>, TransportPath) -> Void)?
  /// The connections that calls need.
  var inUse: (() -> Set<UInt64>)?
  /// Told of each message that is not read.
  var refused: (() -> Void)?

  init(loop: any EventLoop, gate: SourceGate, limits: StreamLimits) {
    self.loop = loop
    self.gate = gate
    self.limits = limits
    streams = StreamTable(limits: limits)
  }

  /// Binds both sockets to one port. The future is of the loop.
  func bind(host: String, port: UInt16) -> EventLoopFuture<UInt16> {
    let transports = NIOLoopBound(self, eventLoop: loop)
    return DatagramBootstrap(group: loop)
      .channelOption(.datagramVectorReadMessageCount, value: 16)
      // As much as the system gives (`net.core.rmem_max`): what comes while a flood is refused waits, and is not lost.
      .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
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
      .childChannelOption(Self.lostPeer.option, value: Self.lostPeer.value)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try transports.value.accept(channel) }
      }
      .bind(host: host, port: port)
      .map { transports.value.tcp = $0 }
  }

  /// A connection whose other end is silently gone is given up before the next attempt: 20 seconds.
  private static let lostPeer = (
    option: ChannelOptions.Types.SocketOption(level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)),
    value: ChannelOptions.Types.SocketOption.Value(20_000)
  )

  private func accept(_ channel: any NIOCore.Channel) throws {
    guard let source = channel.remoteAddress.flatMap({ IPAddress($0) }),
      let admission = streams.book.accept(
        source, isKnown: gate.knows(source), at: now, inUse: { self.inUse?() ?? [] })
    else { throw ChannelError.operationUnsupported }
    let replaced = streams.take(channel, as: admission)
    replaced?.close(promise: nil)
    try serve(channel, admission.id, source)
  }

  private func serve(_ channel: any NIOCore.Channel, _ id: UInt64, _ source: IPAddress) throws {
    guard let path = TransportPath(.tcp, channel.remoteAddress, connection: id) else {
      streams.close(id)
      throw ChannelError.operationUnsupported
    }
    try channel.pipeline.syncOperations.addHandler(
      StreamHandler(transports: self, id: id, source: source, path: path, limits: limits))
  }

  func closed(_ id: UInt64) { streams.close(id) }

  /// Sends bytes; the future fails when they cannot leave.
  func send(_ bytes: [UInt8], to path: TransportPath) -> EventLoopFuture<Void> {
    switch path.transport {
    case .udp:
      guard let udp else { return loop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
      return address(path).flatMapThrowing { address in
        try bytes.withUnsafeBytes { try udp.send(datagram: $0, to: address) }
      }
    case .tcp:
      if let id = path.connection, let channel = streams[id] { return write(bytes, to: channel) }
      let transports = NIOLoopBound(self, eventLoop: loop)
      return connect(path).flatMap { transports.value.write(bytes, to: $0) }
    case .tls:
      return loop.makeFailedFuture(
        TelephonyError(.unsupportedTransport, "there is no TLS", hint: "use sip: with UDP or TCP"))
    }
  }

  /// A peer that does not read what was written before is given up.
  private func write(_ bytes: [UInt8], to channel: any NIOCore.Channel) -> EventLoopFuture<Void> {
    guard channel.isWritable else {
      channel.close(promise: nil)
      return loop.makeFailedFuture(ChannelError.outputClosed)
    }
    return channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  /// The connection that we opened to this place, or a new one.
  private func connect(_ path: TransportPath) -> EventLoopFuture<any NIOCore.Channel> {
    let place = StreamTable.Place(host: path.host, port: path.port)
    if let known = streams.opened[place] { return known }
    guard streams.mayOpen else { return loop.makeFailedFuture(ChannelError.operationUnsupported) }
    let transports = NIOLoopBound(self, eventLoop: loop)
    let connection = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(5))
      .channelOption(Self.lostPeer.option, value: Self.lostPeer.value)
      .connect(host: path.host, port: Int(path.port))
      .flatMapThrowing { channel in
        let this = transports.value
        guard let source = channel.remoteAddress.flatMap({ IPAddress($0) }) else {
          throw ChannelError.ioOnClosedChannel
        }
        this.gate.acquaint(source)
        try this.serve(channel, this.streams.take(channel, to: source, at: this.now), source)
        return channel
      }
    streams.open(place, connection)
    connection.whenComplete { result in
      guard case .success(let channel) = result else {
        transports.value.streams.open(place, nil)
        return
      }
      channel.closeFuture.whenComplete { _ in transports.value.streams.open(place, nil) }
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
    let channels = [udp, tcp].compactMap { $0 } + streams.all
    return EventLoopFuture.whenAllComplete(channels.map { $0.close() }, on: loop).map { _ in }
  }
}

extension TransportPath {
  init?(_ transport: SIPTransport, _ address: SocketAddress?, connection: UInt64? = nil) {
    guard let address, let host = address.ipAddress, let port = address.port else { return nil }
    self.init(transport: transport, host: host, port: UInt16(clamping: port), connection: connection)
  }
}

// MARK: - What comes in

extension SIPTransports {
  private var now: Duration { .nanoseconds((NIODeadline.now() - origin).nanoseconds) }

  /// Whether the time of a connection is over. Whoever became known holds no stranger's place any more.
  func isOverdue(_ id: UInt64, of source: IPAddress, isMidMessage: Bool) -> Bool {
    let isKnown = gate.knows(source)
    if isKnown { streams.book.introduce(id) }
    return streams.book.isOverdue(id, isKnown: isKnown, isMidMessage: isMidMessage, at: now)
  }

  /// Something came over a connection that is no message yet.
  func stirred(_ id: UInt64) { streams.book.stirred(id, at: now) }

  /// Remembers a peer that we turn to, or that was let in.
  func acquaint(_ host: String) {
    if let address = IPAddress(host) { gate.acquaint(address) }
  }

  func admit(octets: Int, _ kind: MessageKind, of source: IPAddress) -> Bool {
    let isAdmitted = gate.admit(octets: octets, kind, of: source, at: now)
    if !isAdmitted { refused?() }
    return isAdmitted
  }

  func admitMessage(_ kind: MessageKind, of source: IPAddress) -> Bool {
    let isAdmitted = gate.admitMessage(kind, of: source, at: now)
    if !isAdmitted { refused?() }
    return isAdmitted
  }

  /// One message, whole; it is admitted.
  func take(_ bytes: [UInt8], from path: TransportPath) {
    do throws(SIPParseFailure) {
      let message = try parser.parse(bytes)
      if let id = path.connection { streams.book.served(id, at: now) }
      receive?(.success(message), path)
    } catch {
      receive?(.failure(error), path)
    }
  }

  /// The head of a message that will not come whole: only what is wrong with it is told.
  func refuse(_ head: [UInt8], from path: TransportPath) {
    receive?(.failure(parser.failure(ofHead: head)), path)
  }

  fileprivate func take(_ datagram: AddressedEnvelope<ByteBuffer>) {
    guard let source = IPAddress(datagram.remoteAddress),
      let octets = datagram.data.withUnsafeReadableBytes({ admitted($0, of: source) }),
      let path = TransportPath(.udp, datagram.remoteAddress)
    else { return }
    take(octets, from: path)
  }

  /// A copy of a datagram that may be read.
  private func admitted(_ octets: UnsafeRawBufferPointer, of source: IPAddress) -> [UInt8]? {
    // A lone CRLF is a keep-alive (RFC 5626 section 4.4.1).
    guard octets.prefix(16).contains(where: { $0 != 13 && $0 != 10 && $0 != 0 }) else { return nil }
    let kind = MessageKind(startingWith: octets)
    guard admitMessage(kind, of: source), admit(octets: octets.count, kind, of: source) else { return nil }
    return Array(octets)
  }
}

private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  private let transports: SIPTransports
  init(transports: SIPTransports) { self.transports = transports }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { transports.take(unwrapInboundIn(data)) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // An ICMP error of one peer must not close the socket of all.
  }
}
