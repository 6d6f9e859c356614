internal import Audio
internal import Core
internal import NIOCore
internal import NIOPosix
internal import Signalling

/// One call's RTP: packets in through the latch into the jitter buffer, frames out as packets, one each tick.
///
/// Isolation: its loop. Nothing of ours allocates per packet or frame; NIO's two per packet excepted.
final class RTPPort: MediaPort {
  private static let packetLimit = 1500
  private static let keyLimit = 32

  let loop: any EventLoop
  let localPort: UInt16
  private let rtp: any NIOCore.Channel
  private let rtcp: any NIOCore.Channel
  private let release: @Sendable () -> Void
  private var latch: SourceLatch
  private var sources = SourceReader()
  private var controlSources = SourceReader()
  private var jitter = JitterBuffer(law: .muLaw)
  private var keys: [Character] = []
  private var events = TelephoneEventReceiver()
  private var keySource: UInt32?
  private var agreed: NegotiatedMedia?
  private var destination: SocketAddress?
  private var destinationSource: MediaSource?
  private var controlDestination: SocketAddress?
  private var statistics: ReceiverStatistics?
  private var control: ControlClock
  private var sequence: UInt16
  private var timestamp: UInt32
  private let source: UInt32
  private var sent: UInt32 = 0
  private var origin: NIODeadline?
  private var packet: ByteBuffer
  private var payload = [UInt8](repeating: 0, count: AudioFrame.samples)
  private var isFirst = true

  init(
    rtp: any NIOCore.Channel, rtcp: any NIOCore.Channel, localPort: UInt16, latching: SourceLatch.Policy,
    release: @escaping @Sendable () -> Void
  ) {
    loop = rtp.eventLoop
    self.rtp = rtp
    self.rtcp = rtcp
    self.localPort = localPort
    self.release = release
    latch = SourceLatch(policy: latching)
    var generator = SystemRandomNumberGenerator()
    sequence = UInt16.random(in: 0...0x7FFF, using: &generator)
    timestamp = UInt32.random(in: .min ... .max, using: &generator)
    source = UInt32.random(in: .min ... .max, using: &generator)
    control = ControlClock(source: source)
    packet = rtp.allocator.buffer(capacity: RTPHeader.size + AudioFrame.samples)
    keys.reserveCapacity(Self.keyLimit)
  }

  /// The agreement of an offer and its answer, at the first time or anew.
  func establish(_ media: NegotiatedMedia) {
    agreed = media
    jitter.use(media.codec == .pcmu ? .muLaw : .aLaw)
    guard let address = IPAddress(media.remoteAddress) else { return }
    latch.establish(signalled: MediaSource(address: address, port: media.remotePort))
    direct()
    controlDestination = try? SocketAddress(ipAddress: media.remoteAddress, port: Int(media.remoteControlPort))
  }

  func close() {
    if let controlDestination {
      write(control: RTCPPacket.encode([senderReport(), .bye(sources: [source])]), to: controlDestination)
    }
    rtp.close(promise: nil)
    rtcp.close(promise: nil)
    release()
  }

  private func direct() {
    guard let wanted = latch.destination, wanted != destinationSource else { return }
    destinationSource = wanted
    destination = try? SocketAddress(ipAddress: wanted.address.description, port: Int(wanted.port))
  }
}

// MARK: - Frames

extension RTPPort {
  var report: MediaReport {
    var report = jitter.report
    report.packetsSent = Int(sent)
    report.packetsRefused += Int(clamping: latch.refused)
    return report
  }

  func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    if origin == nil { origin = NIODeadline.now() - .microseconds(instant.microseconds) }
    if let press = events.expire(at: .microseconds(instant.microseconds)) { keep(press.digit) }
    return jitter.pull(into: &frame, at: instant)
  }

  func push(_ frame: Span<Int16>, at instant: CallInstant) {
    defer { timestamp &+= UInt32(frame.count) }
    guard let agreed, agreed.direction.sends, !agreed.isUnroutable, let destination else { return }
    let law: G711 = agreed.codec == .pcmu ? .muLaw : .aLaw
    var octets = payload.mutableSpan
    let count = law.encode(frame, into: &octets)
    let header = RTPHeader(
      marker: isFirst, payloadType: agreed.sendPayloadType, sequence: sequence, timestamp: timestamp, source: source)
    packet.clear(minimumCapacity: RTPHeader.size + count)
    packet.writeWithUnsafeMutableBytes(minimumWritableBytes: RTPHeader.size) { buffer in
      header.write(to: buffer) ? RTPHeader.size : 0
    }
    payload.withUnsafeBytes { bytes in _ = packet.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
    _ = packet.withUnsafeReadableBytes { bytes in try? rtp.send(datagram: bytes, to: destination) }
    sequence &+= 1
    sent &+= 1
    isFirst = false
    if control.isDue(at: instant), let controlDestination {
      write(control: RTCPPacket.encode([senderReport(), control.description]), to: controlDestination)
    }
  }

  func nextKey() -> Character? { keys.isEmpty ? nil : keys.removeFirst() }

  private func keep(_ digit: TelephoneDigit) {
    if keys.count < Self.keyLimit { keys.append(digit.character) }
  }
}

// MARK: - Packets

extension RTPPort {
  fileprivate func receive(_ data: ByteBuffer, from address: SocketAddress) {
    guard let origin, let agreed, data.readableBytes <= Self.packetLimit, let from = sources.read(address)
    else { return }
    data.withUnsafeReadableBytes { bytes in
      guard let header = RTPHeader(bytes), latch.admit(from) else { return }
      direct()
      let instant = CallInstant(microseconds: (NIODeadline.now() - origin).nanoseconds / 1000)
      count(header, at: instant)
      let body = UnsafeRawBufferPointer(
        rebasing: bytes[header.payloadOffset..<header.payloadOffset + header.payloadCount])
      if header.payloadType == agreed.receiveEventPayloadType {
        guard let event = TelephoneEvent(body) else { return }
        if header.source != keySource { beginKeys(of: header.source, at: instant) }
        let press = events.receive(event, timestamp: header.timestamp, at: .microseconds(instant.microseconds))
        if let press { keep(press.digit) }
      } else if header.payloadType == agreed.receivePayloadType {
        jitter.insert(
          sequence: header.sequence, timestamp: header.timestamp, source: header.source, marker: header.marker,
          payload: body.bytes, arrival: instant)
      }
    }
  }

  /// A new source has a clock of its own, which may say earlier times than the last key's. It is the source of key packets
  /// that counts: some peers send keys from one and audio from another.
  private func beginKeys(of source: UInt32, at instant: CallInstant) {
    if let press = events.expire(at: .microseconds(instant.microseconds) + .seconds(1)) { keep(press.digit) }
    events = TelephoneEventReceiver()
    keySource = source
  }

  private func count(_ header: RTPHeader, at instant: CallInstant) {
    if statistics?.source != header.source {
      statistics = ReceiverStatistics(source: header.source, firstSequence: header.sequence)
    }
    statistics?.receive(
      sequence: header.sequence, timestamp: header.timestamp,
      arrival: UInt32(truncatingIfNeeded: instant.microseconds * 8 / 1000))
  }

  fileprivate func receive(control data: ByteBuffer, from address: SocketAddress) {
    guard let from = controlSources.read(address), from.address == latch.destination?.address else { return }
    let packets = data.withUnsafeReadableBytes { RTCPPacket.parse($0) } ?? []
    for case .senderReport(_, let info, _) in packets { control.heard(info, at: .now()) }
  }

  private func senderReport() -> RTCPPacket {
    let (last, delay) = control.lastReport(at: .now())
    let block = statistics?.report(lastSenderReport: last, delaySinceLast: delay)
    return .senderReport(
      source: source,
      RTCPPacket.SenderInfo(
        ntp: ControlClock.ntp, timestamp: timestamp, packets: sent, octets: sent &* UInt32(AudioFrame.samples)),
      block.map { [$0] } ?? [])
  }

  private func write(control bytes: [UInt8], to address: SocketAddress) {
    _ = bytes.withUnsafeBytes { bytes in try? rtcp.send(datagram: bytes, to: address) }
  }
}

/// Reads the source out of a socket's address. Packets mostly come from the same one: the text is parsed once for each.
struct SourceReader {
  private var last: (address: SocketAddress, source: MediaSource)?

  mutating func read(_ address: SocketAddress) -> MediaSource? {
    if let last, last.address == address { return last.source }
    guard let text = address.ipAddress, let host = IPAddress(text), let port = address.port else { return nil }
    let source = MediaSource(address: host, port: UInt16(clamping: port))
    last = (address, source)
    return source
  }
}

// MARK: - Sockets

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
