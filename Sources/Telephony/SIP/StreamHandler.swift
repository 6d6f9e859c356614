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
  private let born = NIODeadline.now()
  private var framer = StreamFramer()
  /// When the last message or keep-alive was whole, or the first octet of the next one came.
  private var last = NIODeadline.now()
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
    check = context.eventLoop.scheduleRepeatedTask(initialDelay: limits.check, delay: limits.check) { _ in
      if this.value.isOverdue(at: .now()) { channel.close(promise: nil) }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isFailed else { return }
    let buffer = unwrapInboundIn(data)
    guard transports.admit(octets: buffer.readableBytes, of: source) else {
      context.close(promise: nil)
      return
    }
    if framer.buffered == 0 { last = .now() }
    framer.append(buffer.readableBytesView)
    do throws(SignallingError) {
      while let frame = try framer.next() {
        last = .now()
        switch frame {
        case .message(let bytes): transports.take(bytes, of: source, from: path)
        case .keepAlive: if transports.admitMessage(of: source) { pongs += 1 }
        case .unusable(let head): transports.refuse(head, of: source, from: path)
        }
      }
    } catch {
      fail(context)
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
    context.eventLoop.scheduleTask(in: limits.farewell) { channel.close(promise: nil) }
  }

  private func isOverdue(at now: NIODeadline) -> Bool {
    if !transports.knows(source, on: id) { return now - born >= limits.strangerLife }
    return now - last >= (framer.buffered > 0 ? limits.message : limits.idle)
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
