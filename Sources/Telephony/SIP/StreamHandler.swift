internal import NIOCore
internal import Signalling

/// One stream connection: octets in, whole messages out, within the bounds of its source. Isolation: its loop.
///
/// A peer that does not read what we write is not read from either, so that nothing piles up; one whose message does not end,
/// or that is silent for too long, is closed.
final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer
  private let transports: SIPTransports
  private let id: UInt64
  private let source: IPAddress
  private let path: TransportPath
  private let limits: StreamLimits
  private var framer = StreamFramer()
  private var pongs = 0
  private var isFailed = false
  private var check: RepeatedTask?

  init(transports: SIPTransports, id: UInt64, source: IPAddress, path: TransportPath, limits: StreamLimits) {
    self.transports = transports
    self.id = id
    self.source = source
    self.path = path
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    let channel = context.channel
    let time = TimeAmount.nanoseconds(limits.check.nanoseconds)
    check = context.eventLoop.scheduleRepeatedTask(initialDelay: time, delay: time) { _ in
      if this.value.isOverdue { channel.close(promise: nil) }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isFailed else { return }
    let buffer = unwrapInboundIn(data)
    if framer.buffered == 0 { transports.stirred(id) }
    var blank = framer.buffered + buffer.readableBytes
    framer.append(buffer.readableBytesView)
    do throws(SignallingError) {
      while let frame = try framer.next() {
        guard let octets = take(frame) else { return context.close(promise: nil) }
        blank -= octets
      }
    } catch {
      return fail(context)
    }
    // What belongs to no message.
    blank -= framer.buffered
    if blank > 0, !transports.admit(octets: blank, .other, of: source) { context.close(promise: nil) }
  }

  /// The octets of a message that it was, or nil when they are beyond what its source may send of that kind.
  private func take(_ frame: StreamFramer.Frame) -> Int? {
    switch frame {
    case .message(let bytes):
      let kind = MessageKind(startingWith: bytes)
      guard transports.admit(octets: bytes.count, kind, of: source) else { return nil }
      if transports.admitMessage(kind, of: source) { transports.take(bytes, from: path) }
      return bytes.count
    case .unusable(let head):
      let kind = MessageKind(startingWith: head)
      guard transports.admit(octets: head.count, kind, of: source) else { return nil }
      if transports.admitMessage(kind, of: source) { transports.refuse(head, from: path) }
      return head.count
    case .keepAlive:
      transports.stirred(id)
      if transports.admitMessage(.other, of: source) { pongs += 1 }
      return 0
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    guard pongs > 0 else { return }
    let count = pongs
    pongs = 0
    // Whoever does not read gets no answer either.
    guard context.channel.isWritable else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(repeating: [13, 10], count: count)), promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    context.channel.setOption(.autoRead, value: context.channel.isWritable).whenFailure { _ in }
  }

  func channelInactive(context: ChannelHandlerContext) { transports.closed(id) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// The stream cannot be cut any more. Our side ends at once; the rest is read and dropped for a moment, since a reset would take
  /// our answer back.
  private func fail(_ context: ChannelHandlerContext) {
    isFailed = true
    let channel = context.channel
    context.close(mode: .output, promise: nil)
    context.eventLoop.scheduleTask(in: .nanoseconds(limits.farewell.nanoseconds)) { channel.close(promise: nil) }
  }

  private var isOverdue: Bool {
    transports.isOverdue(id, of: source, isMidMessage: framer.buffered > 0)
  }
}

extension ByteBuffer {
  /// A buffer of some octets many times.
  fileprivate init(repeating octets: [UInt8], count: Int) {
    self.init()
    reserveCapacity(octets.count * count)
    for _ in 0..<count { writeBytes(octets) }
  }
}
