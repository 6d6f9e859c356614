internal import Audio
internal import Core
internal import Foundation
internal import NIOCore
internal import Signalling

/// One call's RTP: packets in by an `RTPReceiver`, frames out as packets, one each tick; RTCP beside them.
///
/// Isolation: its loop. Nothing of ours allocates per packet or frame; NIO's two per packet excepted.
final class RTPPort: MediaPort {
  let loop: any EventLoop
  let localPort: UInt16
  private let rtp: any NIOCore.Channel
  private let rtcp: any NIOCore.Channel
  private let release: @Sendable () -> Void
  private var receiver: RTPReceiver
  private var agreed: NegotiatedMedia?
  private var destination: SocketAddress?
  private var destinationSource: MediaSource?
  private var controlDestination: SocketAddress?
  private var control: ControlClock
  private var sequence: UInt16
  private var timestamp: UInt32
  private let source: UInt32
  private var sent: UInt32 = 0
  private var octetsSent: UInt32 = 0
  private var unsent = 0
  private var origin: NIODeadline?
  private var packet: ByteBuffer
  /// Octets of the longest packet that we send: 64,000 bits a second.
  private static let longestPayload = 160
  private var payload = [UInt8](repeating: 0, count: longestPayload)
  /// The next packet begins a stretch of audio, or goes on behind a gap (RFC 3551 section 4.1).
  private var isMarked = true

  init(
    rtp: any NIOCore.Channel, rtcp: any NIOCore.Channel, localPort: UInt16, latching: SourceLatch.Policy,
    release: @escaping @Sendable () -> Void
  ) {
    loop = rtp.eventLoop
    self.rtp = rtp
    self.rtcp = rtcp
    self.localPort = localPort
    self.release = release
    receiver = RTPReceiver(latching: latching)
    var generator = SystemRandomNumberGenerator()
    sequence = UInt16.random(in: 0...0x7FFF, using: &generator)
    timestamp = UInt32.random(in: .min ... .max, using: &generator)
    source = UInt32.random(in: .min ... .max, using: &generator)
    control = ControlClock(source: source)
    packet = rtp.allocator.buffer(capacity: RTPHeader.size + Self.longestPayload)
  }

  /// The agreement of an offer and its answer, at the first time or anew.
  func establish(_ media: NegotiatedMedia) {
    agreed = media
    let address = IPAddress(media.remoteAddress)
    receiver.establish(media, signalled: address.map { MediaSource(address: $0, port: media.remotePort) })
    guard address != nil else { return }
    direct()
    // The old hold, 0.0.0.0, says no place for reports either; what was agreed before it stays (RFC 3264 section 8.4).
    guard !media.isUnroutable || controlDestination == nil else { return }
    controlDestination = try? SocketAddress(ipAddress: media.remoteAddress, port: Int(media.remoteControlPort))
  }

  func close() {
    if let controlDestination {
      write(control: RTCPPacket.encode([ownReport(), .bye(sources: [source])]), to: controlDestination)
    }
    rtp.close(promise: nil)
    rtcp.close(promise: nil)
    release()
  }

  private func direct() {
    guard let wanted = receiver.destination, wanted != destinationSource else { return }
    destinationSource = wanted
    destination = try? SocketAddress(ipAddress: wanted.address.description, port: Int(wanted.port))
  }
}

// MARK: - Frames

extension RTPPort {
  var rate: AudioRate { receiver.codecs.rate }

  /// Steps of the stream's clock in a frame.
  private var frameTicks: Int { (agreed?.codec.clockRate ?? 8_000) / 50 }

  var report: MediaReport {
    var report = receiver.report
    report.packetsSent = Int(sent)
    report.framesUnsent = unsent
    return report
  }

  func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    if origin == nil { origin = NIODeadline.now() - .microseconds(instant.microseconds) }
    return receiver.pull(into: &frame, at: instant)
  }

  func push(_ frame: Span<Int16>, at instant: CallInstant) {
    send(frame)
    timestamp &+= UInt32(truncatingIfNeeded: frameTicks)
    // A line on hold is reported on as well (RFC 3264 section 8.4).
    guard control.isDue(at: instant), let controlDestination else { return }
    write(control: RTCPPacket.encode([ownReport(), control.description]), to: controlDestination)
  }

  private func send(_ frame: Span<Int16>) {
    guard let agreed, agreed.direction.sends, !agreed.isUnroutable, let destination,
      let codec = receiver.codecs[agreed.codec]
    else { return }
    var octets = payload.mutableSpan
    let count = codec.encode(frame, into: &octets)
    let header = RTPHeader(
      marker: isMarked, payloadType: agreed.sendPayloadType, sequence: sequence, timestamp: timestamp, source: source)
    packet.clear(minimumCapacity: RTPHeader.size + count)
    packet.writeWithUnsafeMutableBytes(minimumWritableBytes: RTPHeader.size) { buffer in
      header.write(to: buffer) ? RTPHeader.size : 0
    }
    payload.withUnsafeBytes { bytes in _ = packet.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
    _ = packet.withUnsafeReadableBytes { bytes in try? rtp.send(datagram: bytes, to: destination) }
    sequence &+= 1
    sent &+= 1
    octetsSent &+= UInt32(truncatingIfNeeded: count)
    isMarked = false
  }

  func skip(_ frames: Int) {
    timestamp &+= UInt32(truncatingIfNeeded: frames &* frameTicks)
    guard let agreed, agreed.direction.sends, !agreed.isUnroutable, destination != nil else { return }
    unsent += frames
    isMarked = true
  }

  func nextKey() -> Character? { receiver.nextKey() }

  /// Whether a key that came by signalling is to be heard; see `KeyAdmission`.
  func admits(signalled digit: TelephoneDigit) -> Bool {
    receiver.admit(signalled: digit, at: instant(of: .now()))
  }

  /// On the call's clock, which begins with the first pull.
  private func instant(of now: NIODeadline) -> CallInstant {
    CallInstant(microseconds: origin.map { (now - $0).nanoseconds / 1000 } ?? 0)
  }
}

// MARK: - Packets

extension RTPPort {
  func receive(_ data: ByteBuffer, from address: SocketAddress) {
    guard origin != nil, let from = MediaSource(address) else { return }
    let instant = instant(of: .now())
    data.withUnsafeReadableBytes { bytes in receiver.receive(bytes, from: from, at: instant) }
    direct()
  }

  func receive(control data: ByteBuffer, from address: SocketAddress) {
    guard let from = MediaSource(address), from.address == receiver.destination?.address else { return }
    let packets = data.withUnsafeReadableBytes { RTCPPacket.parse($0) } ?? []
    for case .senderReport(_, let info, _) in packets { control.heard(info, at: .now()) }
  }

  private func ownReport() -> RTCPPacket {
    let (last, delay) = control.lastReport(at: .now())
    let blocks = receiver.block(lastSenderReport: last, delaySinceLast: delay).map { [$0] } ?? []
    guard control.isSender(sent: sent) else { return .receiverReport(source: source, blocks) }
    let info = RTCPPacket.SenderInfo(
      ntp: ControlClock.ntp(Date()), timestamp: timestamp, packets: sent, octets: octetsSent)
    return .senderReport(source: source, info, blocks)
  }

  private func write(control bytes: [UInt8], to address: SocketAddress) {
    _ = bytes.withUnsafeBytes { bytes in try? rtcp.send(datagram: bytes, to: address) }
  }
}
