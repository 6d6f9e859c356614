import Core
import Foundation
import Logging
import NIOCore
import NIOPosix
import Signalling
import Synchronization
import Testing

@testable import Telephony

/// An endpoint on a loopback address of its own, with what it told and the sockets that the test opened against it.
final class Rig: Sendable {
  /// A message that the endpoint read or wrote.
  struct Traced: Sendable {
    var direction: TelephonyConfiguration.TraceDirection
    var message: Message
  }
  let endpoint: SIPEndpoint
  let address: String
  let port: Int
  /// The first port for audio.
  let media: Int
  let arrivals: Mailbox<ArrivingCall>
  let log: Mailbox<Traced>
  private let opened = Mutex<[any NIOCore.Channel]>([])
  private static let numbers = Mutex(0)
  /// Messages on a loop that carries no audio.
  static let signalling = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  static let loops = TelephonyLoops(signalling: signalling, media: MultiThreadedEventLoopGroup.singleton)

  private init(
    _ endpoint: SIPEndpoint, _ address: String, port: Int, media: Int, _ arrivals: Mailbox<ArrivingCall>,
    _ log: Mailbox<Traced>
  ) {
    self.endpoint = endpoint
    self.address = address
    self.port = port
    self.media = media
    self.arrivals = arrivals
    self.log = log
  }

  /// A loopback address that no other test of this process uses: ports that the system chooses never meet.
  static func freshAddress() -> String {
    let number = numbers.withLock { number in
      number += 1
      return number
    }
    return "127.\(64 + ProcessInfo.processInfo.processIdentifier % 128).\(number / 250).\(1 + number % 250)"
  }

  /// Ports of audio: an even one that the system gives, and those behind it, all free.
  static func freePorts(_ count: Int, _ address: String) async throws -> ClosedRange<UInt16> {
    while true {
      let first = try await DatagramPeer.open(address)
      let port = first.port & ~1
      try await first.channel.close()
      guard port + count <= 65_535 else { continue }
      if await Self.areFree(address, port..<port + count) { return UInt16(port)...UInt16(port + count - 1) }
    }
  }

  static func areFree(_ address: String, _ ports: Range<Int>) async -> Bool {
    for port in ports {
      guard let one = try? await DatagramPeer.open(address, port: port) else { return false }
      try? await one.channel.close()
    }
    return true
  }

  /// Calls from 127.0.0.1 are taken; `calls` of them find a port for their audio.
  static func start(calls: Int = 2, _ change: (inout TelephonyConfiguration) -> Void = { _ in }) async throws -> Rig {
    let address = freshAddress()
    // The last is that of SIP: one that the system chose could be one of those for audio.
    let free = try await freePorts(calls * 2 + 1, address)
    let ports = free.lowerBound...free.upperBound - 1
    let log = Mailbox<Traced>()
    let arrivals = Mailbox<ArrivingCall>()
    var configuration = TelephonyConfiguration(address: address, port: free.upperBound, mediaPorts: ports)
    configuration.trusted = [AddressRange("127.0.0.1")].compactMap { $0 }
    configuration.trace = { way, text, _ in log.put(Traced(direction: way, message: Message(Array(text.utf8)))) }
    // On a busy machine a connection of the test may be silent for long.
    configuration.streams.first = .seconds(600)
    change(&configuration)
    let endpoint = SIPEndpoint(configuration, loops: Rig.loops, logger: .silent)
    let port = try await endpoint.start { arrivals.put($0) }
    return Rig(endpoint, address, port: Int(port), media: Int(ports.lowerBound), arrivals, log)
  }

  func stop() async {
    await endpoint.stop()
    for channel in opened.withLock({ $0 }) { try? await channel.close() }
  }

  /// Host and port as others write it.
  var name: String { "\(address):\(port)" }

  func socket(_ host: String = "127.0.0.1", port: Int = 0) async throws -> DatagramPeer {
    let peer = try await DatagramPeer.open(host, port: port, from: address)
    opened.withLock { $0.append(peer.channel) }
    return peer
  }

  func stream(from host: String = "127.0.0.1") async throws -> StreamPeer {
    let peer = try await StreamPeer.connect(to: address, port, from: host)
    opened.withLock { $0.append(peer.channel) }
    return peer
  }

  /// Connects again and again until there is room for the connection.
  func streamWithRoom(from host: String = "127.0.0.1") async throws -> StreamPeer? {
    let end = NIODeadline.now() + .minutes(2)
    while NIODeadline.now() < end {
      let peer = try await stream(from: host)
      try? await peer.send("\r\n\r\n")
      if try await peer.chunk() == [13, 10] { return peer }
    }
    return nil
  }

  /// The next call that asks to be answered.
  func arrival(_ here: Testing.SourceLocation = #_sourceLocation) async throws -> ArrivingCall {
    try #require(await arrivals.next(), sourceLocation: here)
  }

  /// Returns when the loops have done what was begun before: a step of one may be carried on by another, and come back.
  func settle() async throws {
    for _ in 1...4 {
      for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() { try await loop.submit {}.get() }
      try await Self.signalling.next().submit {}.get()
    }
  }

  /// Waits until the ports of audio are nobody's.
  func mediaIsFree(_ ports: Int = 2) async -> Bool {
    let end = NIODeadline.now() + .minutes(2)
    while NIODeadline.now() < end {
      if await Self.areFree(address, media..<media + ports) { return true }
      await Task.yield()
    }
    return false
  }
}

/// Runs a test against an endpoint, and stops it whatever happens.
func withRig(
  calls: Int = 2, _ change: (inout TelephonyConfiguration) -> Void = { _ in }, _ body: (Rig) async throws -> Void
) async throws {
  let rig = try await Rig.start(calls: calls, change)
  do {
    try await body(rig)
  } catch {
    await rig.stop()
    throw error
  }
  await rig.stop()
}

extension Logger {
  static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
