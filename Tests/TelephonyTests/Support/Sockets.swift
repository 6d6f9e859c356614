import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A plain datagram socket of the test.
final class DatagramPeer: Sendable {
  struct Datagram: Sendable {
    var bytes: [UInt8]
    var host: String
    var port: Int
  }
  let channel: any Channel
  let arrivals: Mailbox<Datagram>
  private let seen = Mutex<Set<String>>([])

  private init(channel: any Channel, arrivals: Mailbox<Datagram>) {
    self.channel = channel
    self.arrivals = arrivals
  }

  /// - Parameter sender: the only address that is heard; nil for any. A port that was somebody else's a moment ago may get
  ///   what their endpoint says once more.
  static func open(
    _ host: String = "127.0.0.1", port: Int = 0, from sender: String? = nil
  ) async throws -> DatagramPeer {
    let arrivals = Mailbox<Datagram>()
    let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            Reader<AddressedEnvelope<ByteBuffer>> { envelope in
              let from = envelope.remoteAddress
              guard sender == nil || from.ipAddress == sender else { return }
              arrivals.put(
                Datagram(
                  bytes: Array(envelope.data.readableBytesView), host: from.ipAddress ?? "", port: from.port ?? 0))
            })
        }
      }
      .bind(host: host, port: port).get()
    return DatagramPeer(channel: channel, arrivals: arrivals)
  }

  var port: Int { channel.localAddress?.port ?? 0 }

  /// Returns when the system has taken the datagram.
  func send(_ bytes: [UInt8], to host: String, _ port: Int) async throws {
    let address = try SocketAddress(ipAddress: host, port: port)
    try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: bytes)))
  }

  func send(_ text: String, to rig: Rig) async throws { try await send(Array(text.utf8), to: rig.address, rig.port) }

  /// The next message of SIP that is new: on a busy machine anything may be repeated.
  func next(_ here: SourceLocation = #_sourceLocation) async throws -> Message {
    while true {
      let message = try await anything(here)
      if seen.withLock({ $0.insert(message.text).inserted }) { return message }
    }
  }

  /// The next message of SIP, repeated or not.
  func anything(_ here: SourceLocation = #_sourceLocation) async throws -> Message {
    Message(try #require(await arrivals.next(), sourceLocation: here).bytes)
  }

  /// The next datagram as an RTP packet.
  func packet(_ here: SourceLocation = #_sourceLocation) async throws -> Packet {
    let datagram = try #require(await arrivals.next(), sourceLocation: here)
    return try #require(Packet(datagram.bytes), sourceLocation: here)
  }
}

/// One end of a stream, with the test's own cutting by Content-Length.
final class StreamPeer: Sendable {
  let channel: any Channel
  /// An empty one is the end.
  private let chunks = Mailbox<[UInt8]>()
  private let buffer = Mutex<[UInt8]>([])
  private let seen = Mutex<Set<String>>([])

  init(_ channel: any Channel) throws {
    self.channel = channel
    let chunks = chunks
    try channel.pipeline.syncOperations.addHandler(
      Reader<ByteBuffer>(closed: { chunks.put([]) }) { chunks.put(Array($0.readableBytesView)) })
  }

  static func connect(to host: String, _ port: Int, from local: String = "127.0.0.1") async throws -> StreamPeer {
    let made = Mailbox<StreamPeer>()
    _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { made.put(try StreamPeer(channel)) }
      }
      .bind(to: try SocketAddress(ipAddress: local, port: 0))
      .connect(host: host, port: port).get()
    return try #require(await made.next())
  }

  /// Listens on a port of its own; those who connect are put into a box.
  static func listen() async throws -> (listener: any Channel, connections: Mailbox<StreamPeer>) {
    let connections = Mailbox<StreamPeer>()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { connections.put(try StreamPeer(channel)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return (listener, connections)
  }

  var port: Int { channel.localAddress?.port ?? 0 }

  /// Returns when the system has taken the octets.
  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

  /// The next octets as they came; empty at the end of the stream.
  func chunk(_ here: SourceLocation = #_sourceLocation) async throws -> [UInt8] {
    try #require(await chunks.next(), sourceLocation: here)
  }

  /// The next message that is new; nil at the end of the stream.
  func next(_ here: SourceLocation = #_sourceLocation) async throws -> Message? {
    while true {
      if let message = cut() {
        if seen.withLock({ $0.insert(message.text).inserted }) { return message }
        continue
      }
      let more = try await chunk(here)
      if more.isEmpty { return nil }
      buffer.withLock { $0 += more }
    }
  }

  private func cut() -> Message? {
    buffer.withLock { buffer in
      guard let end = buffer.indices.dropLast(3).first(where: { buffer[$0..<$0 + 4] == [13, 10, 13, 10] }) else {
        return nil
      }
      let length = Message(Array(buffer[..<(end + 4)]))["Content-Length"].flatMap { Int($0) } ?? 0
      guard buffer.count >= end + 4 + length else { return nil }
      defer { buffer.removeFirst(end + 4 + length) }
      return Message(Array(buffer[..<(end + 4 + length)]))
    }
  }
}

/// Hands on what a channel reads.
private final class Reader<Input>: ChannelInboundHandler {
  typealias InboundIn = Input
  private let closed: () -> Void
  private let take: (Input) -> Void

  init(closed: @escaping () -> Void = {}, take: @escaping (Input) -> Void) {
    self.closed = closed
    self.take = take
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(unwrapInboundIn(data)) }
  func channelInactive(context: ChannelHandlerContext) { closed() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
