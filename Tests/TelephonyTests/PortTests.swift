import Core
import NIOCore
import NIOPosix
import Testing

@testable import Telephony

@Suite struct `Ports` {
  private static func endpoint(_ address: String, _ port: Int) -> SIPEndpoint {
    SIPEndpoint(
      TelephonyConfiguration(address: address, port: UInt16(port), mediaPorts: 40_000...40_001),
      loops: Rig.loops, logger: .silent)
  }

  private static func refusal(_ endpoint: SIPEndpoint) async -> (any Error)? {
    do {
      _ = try await endpoint.start { _ in }
      return nil
    } catch {
      return error
    }
  }

  @Test func `in use are named, with a code and a hint`() async throws {
    let address = Rig.freshAddress()
    let other = try await DatagramPeer.open(address)
    let port = other.port
    let endpoint = Self.endpoint(address, port)
    let error = try #require(await Self.refusal(endpoint) as? TelephonyError)
    #expect(error.code == "telephony.port_in_use" && error.message.contains("port \(port) of \(address)"))
    #expect(error.hint?.contains("REPARTEE_SIP_PORT") == true)
    try await other.channel.close()
    // The same endpoint takes the port when the other program is gone.
    #expect(try await endpoint.start { _ in } == UInt16(port))
    await endpoint.stop()
    #expect(await Rig.areFree(address, port..<port + 1))
  }

  @Test func `in use for TCP alone are named too, and nothing is kept of the half that was free`() async throws {
    let address = Rig.freshAddress()
    let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: address, port: 0).get()
    let port = try #require(other.localAddress?.port)
    let error = try #require(await Self.refusal(Self.endpoint(address, port)) as? TelephonyError)
    #expect(error.code == "telephony.port_in_use" && error.message.contains("port \(port) of \(address)"))
    #expect(await Rig.areFree(address, port..<port + 1))
    try await other.close()
  }

  @Test func `of an address that is not ours cannot be bound`() async throws {
    // RFC 5737: nobody has it.
    let error = try #require(await Self.refusal(Self.endpoint("192.0.2.1", 0)) as? TelephonyError)
    #expect(error.code == "telephony.cannot_bind" && error.message.contains("192.0.2.1"))
    #expect(error.hint?.contains("sip.address") == true)
  }

  @Test func `of something that is no address have a code too`() async throws {
    let error = try #require(await Self.refusal(Self.endpoint("no..address", 5_060)) as? TelephonyError)
    #expect(error.code == "telephony.bad_address" && error.message.contains("no..address"))
  }

  @Test func `for audio whose neighbour is taken are passed over, and given back`() async throws {
    try await withRig(calls: 2) { rig in
      let other = try await rig.socket(rig.address, port: rig.media + 1)
      let talk = try await rig.connect()
      #expect(talk.media == rig.media + 2)
      try await other.channel.close()
      #expect(await rig.mediaIsFree(), "the even one was ours for a moment only")
    }
  }

  @Test func `for audio rest after their call`() throws {
    let ports = MediaPorts(40_001...40_007)
    #expect((1...4).map { _ in ports.take() } == [40_002, 40_004, 40_006, nil])
    ports.release(40_004)
    #expect(ports.take() == 40_004 && ports.take() == nil)
    ports.release(40_002)
    ports.release(40_004)
    #expect(ports.take() == 40_002, "the round goes on")
  }

  @Test(arguments: [40_000...40_000, 40_001...40_002, 65_535...65_535, 0...0] as [ClosedRange<UInt16>])
  func `for audio come in pairs or not at all`(_ range: ClosedRange<UInt16>) {
    #expect(MediaPorts(range).take() == nil)
  }

  @Test func `for audio at the end of all ports are given out`() {
    let ports = MediaPorts(65_532...65_535)
    #expect((1...3).map { _ in ports.take() } == [65_532, 65_534, nil])
  }
}
