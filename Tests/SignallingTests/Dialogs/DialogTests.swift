import Foundation
import Testing

@testable import Signalling

@Suite struct DialogTests {
  static let routed = Samples.invite + "\nRecord-Route: <sip:192.0.2.100;lr>, <sip:192.0.2.101:5070;transport=tcp;lr>"

  @Test func `loose routes are copied and followed`() throws {
    var rig = Rig()
    let call = rig.establish(Self.routed)
    let ok = rig.responses.last { $0.status == 200 }
    #expect(ok?.headers.values(.recordRoute)?.count == 2)
    rig.command(.hangUp(call))
    let bye = try #require(rig.requests.last)
    #expect(bye.uriText == "sip:caller@192.0.2.7:5061")
    #expect(bye.headers.lines(.route) == ["<sip:192.0.2.100;lr>", "<sip:192.0.2.101:5070;transport=tcp;lr>"])
    #expect(rig.sent.last?.path == TransportPath(transport: .udp, host: "192.0.2.100", port: 5_060))
    #expect(bye.from.tag == ok?.to.tag && bye.to.tag == "abc" && bye.cseq == CSeq(1, .bye))
  }

  @Test func `a strict router becomes the target`() throws {
    var rig = Rig()
    let call = rig.establish(Samples.invite + "\nRecord-Route: <sip:192.0.2.100>, <sip:192.0.2.101;lr>")
    rig.command(.hangUp(call))
    let bye = try #require(rig.requests.last)
    #expect(bye.uriText == "sip:192.0.2.100")
    #expect(bye.headers.lines(.route) == ["<sip:192.0.2.101;lr>", "<sip:caller@192.0.2.7:5061>"])
  }

  @Test func `a direct caller is reached where it called from, others at their Contact`() {
    let elsewhere = TransportPath(transport: .udp, host: "192.0.2.200", port: 3_333)
    var direct = Rig()
    direct.command(.hangUp(direct.establish(from: elsewhere)))
    #expect(direct.sent.last?.path == elsewhere)
    var plain = Rig()
    plain.command(.hangUp(plain.establish(Samples.invite.replacing(";rport", with: ""), from: elsewhere)))
    #expect(plain.sent.last?.path == TransportPath(transport: .udp, host: "192.0.2.7", port: 5_061))
    var stream = Rig()
    stream.command(.hangUp(stream.establish(Samples.invite.replacing("/UDP", with: "/TCP"), from: Rig.callerTCP)))
    #expect(
      stream.sent.last?.path.connection == Rig.callerTCP.connection && stream.requests.last?.vias[0].transport == "TCP")
  }

  @Test func `a re-INVITE moves the target and the record is renewed`() {
    var rig = Rig()
    let call = rig.establish(Self.routed)
    var moved = rig.inDialog(.invite, 2, body: Samples.offer)
    moved.headers[.contact] = "<sip:caller@192.0.2.9>"
    rig.receive(moved)
    rig.command(.acceptOffer(call, Rig.description))
    rig.receive(rig.inDialog(.ack, 2, branch: "a2"))
    let records = rig.notices.compactMap { if case .dialogChanged(_, let one) = $0 { one.remoteTarget } else { nil } }
    #expect(records == ["sip:caller@192.0.2.9"])
    rig.command(.hangUp(call))
    #expect(rig.requests.last?.uriText == "sip:caller@192.0.2.9")
  }

  @Test func `a later process says BYE from the record`() throws {
    var first = Rig()
    let call = first.establish(Samples.invite.replacing("/UDP", with: "/TCP"), from: Rig.callerTCP)
    let record = try JSONEncoder().encode(try #require(first.agent.dialog(of: call)))
    var second = Rig()
    second.command(.recoverBye(try JSONDecoder().decode(DialogIdentity.self, from: record)))
    let bye = try #require(second.requests.last)
    let path = second.sent.last?.path
    #expect(path == TransportPath(transport: .tcp, host: "192.0.2.7", port: 5_061, connection: nil))
    #expect(bye.method == .bye && bye.cseq.number > 1_000 && bye.to.tag == "abc" && bye.callID == "call-1@192.0.2.7")
    first.receive(bye)
    second.reply(200)
    second.pass(.seconds(60))
    #expect(second.agent.transactionCount == 0)
  }
}
