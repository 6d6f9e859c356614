import Core
import Foundation
import Testing

@testable import Signalling

/// A telephone that rings when the process that rang it is gone.
@Suite struct WithdrawTests {
  /// An INVITE that was answered provisionally, and what its process kept of it.
  private func left(_ change: (inout Invitation) -> Void = { _ in }) throws -> (invite: SIPRequest, kept: PlacedInvite)
  {
    var rig = Rig()
    let call = rig.dial(change)
    rig.callee(180)
    let kept = rig.notices.compactMap { if case .placed(call, let one) = $0 { one } else { nil } }
    #expect(kept.count == 1)
    let record = try JSONEncoder().encode(try #require(kept.last))
    return (try #require(rig.invites.last), try JSONDecoder().decode(PlacedInvite.self, from: record))
  }

  @Test func `is told by the CANCEL of its INVITE, and its 487 has an ACK`() throws {
    let (invite, kept) = try left()
    var rig = Rig()
    rig.command(.withdraw(kept))
    let cancel = try #require(rig.requests.last)
    #expect(cancel.method == .cancel && cancel.cseq == CSeq(1, .cancel) && rig.requests.count == 1)
    #expect(cancel.vias == invite.vias && cancel.uriText == invite.uriText && cancel.callID == invite.callID)
    #expect(cancel.from == invite.from && cancel.to == invite.to && rig.sent.last?.path == Rig.callee)
    rig.reply(200)
    rig.callee(487, to: invite)
    #expect(rig.requests.map(\.method) == [.cancel, .ack] && rig.requests.last?.vias == invite.vias)
    rig.callee(487, to: invite)
    #expect(rig.requests.map(\.method) == [.cancel, .ack, .ack])
    rig.pass(.seconds(40))
    #expect(rig.agent.transactionCount == 0 && rig.timers.isEmpty && rig.notices.isEmpty && rig.requests.count == 3)
  }

  @Test(arguments: [0, 5, 100, 170]) func `and answers all the same gets ACK and BYE`(_ seconds: Int) throws {
    let (invite, kept) = try left()
    var rig = Rig()
    rig.command(.withdraw(kept))
    rig.reply(seconds == 0 ? 481 : 200)
    rig.callee(180, to: invite)
    rig.pass(.seconds(seconds))
    for _ in 1...2 { rig.callee(200, body: Samples.offer, to: invite) }
    let sent = rig.requests
    #expect(sent.map(\.method) == [.cancel, .ack, .bye, .ack] && sent[1] == sent[3])
    #expect(sent[1].cseq == CSeq(1, .ack) && sent[2].cseq.number == 2 && sent[2].to.tag == "callee")
    #expect(sent[2].uriText == "sip:alice@192.0.2.7:5070" && sent[2].from == invite.from)
    rig.pass(.seconds(40))
    #expect(rig.agent.transactionCount == 0 && rig.timers.isEmpty && rig.notices.isEmpty)
  }

  @Test func `and says nothing is forgotten after three minutes, and takes no place of a call`() throws {
    let (invite, kept) = try left()
    var rig = Rig { $0.maximumDials = 1 }
    rig.command(.withdraw(kept))
    rig.command(.withdraw(kept))
    #expect(rig.requests.count == 1 && rig.agent.callCount == 0, "once")
    _ = rig.dial()
    #expect(rig.failures.isEmpty && rig.invites.count == 1)
    rig.pass(.seconds(240))
    #expect(rig.agent.transactionCount == 0 && rig.timers.isEmpty)
    let before = rig.requests.count
    rig.callee(200, body: Samples.offer, to: invite)
    #expect(rig.requests.count == before)
  }

  @Test func `is told by its last INVITE where a challenge was answered`() throws {
    var rig = Rig()
    let call = rig.dial {
      $0.credentials = DialCredentials(DigestCredentials(user: "shop", password: "open sesame"))
    }
    rig.callee(407, [(.proxyAuthenticate, "Digest realm=\"pbx\", nonce=\"n\", algorithm=MD5, qop=\"auth\"")])
    let kept = rig.notices.compactMap { if case .placed(call, let one) = $0 { one } else { nil } }
    #expect(kept.map(\.sequence) == [1, 2] && kept.last?.branch == rig.invites.last?.vias.first?.branch)
    let record = String(decoding: try JSONEncoder().encode(kept), as: UTF8.self)
    #expect(!record.contains("sesame") && !record.contains("Digest"))
  }

  @Test func `over a transport that there is not is told nothing`() throws {
    let (_, kept) = try left { $0.path = Rig.callerTCP }
    var rig = Rig { $0.endpoints[.tcp] = nil }
    rig.command(.withdraw(kept))
    #expect(rig.sent.isEmpty && rig.timers.isEmpty && rig.agent.transactionCount == 0)
  }
}
