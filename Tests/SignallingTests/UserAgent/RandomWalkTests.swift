import TestSupport
import Testing

@testable import Signalling

/// Random messages, commands, losses and time, and what must hold whatever happens.
@Suite struct RandomWalkTests {
  struct Watch {
    var finals: [String: Int] = [:]
    var ended: Set<CallHandle> = []
    var begun: Set<CallHandle> = []
    var byes: Set<String> = []
  }

  @Test(arguments: 0..<16) func `no order of events breaks the rules`(_ seed: Int) throws {
    var generator = Seeded(UInt64(seed) + 100)
    var rig = Rig {
      $0.maximumCalls = 4
      $0.maximumTransactions = 60
      $0.access.trustedRate = RequestRate(perSecond: 100, burst: 500)
      $0.credentials = DigestCredentials(user: "u", password: "p")
    }
    var watch = Watch()
    var sequence: UInt32 = 1
    var recent: [(at: Duration, head: String, body: String)] = []
    for step in 0..<250 {
      let before = (rig.sent.count, rig.notices.count)
      act(&rig, &generator, &sequence, step, &recent)
      for (_, message, _, key) in rig.sent[before.0...] where key != nil { look(message, &watch) }
      for notice in rig.notices[before.1...] { look(notice, &watch) }
      for number in 1..<rig.agent.nextHandle { watch.begun.insert(CallHandle(number: number)) }
      #expect(rig.agent.callCount <= 4 && rig.agent.transactionCount <= 60 + 40 && rig.timers.count < 400)
      if case .some(let last) = rig.sent.last { _ = try SIPParser().parse(last.message.encoded()) }
    }
    for handle in watch.begun.subtracting(watch.ended) { rig.command(.hangUp(handle)) }
    let before = rig.notices.count
    rig.pass(.seconds(700))
    for notice in rig.notices[before...] { look(notice, &watch) }
    for notice in rig.notices {
      switch notice {
      case .ended(let handle, _), .failed(let handle, _): watch.ended.insert(handle)
      default: break
      }
    }
    #expect(watch.begun == watch.ended)
    #expect(rig.agent.callCount == 0 && rig.agent.transactionCount == 0 && rig.timers.isEmpty)
    #expect(
      rig.agent.handles.isEmpty && rig.agent.merges.isEmpty && rig.agent.invites.isEmpty && rig.agent.clients.isEmpty)
    #expect(rig.agent.dials.isEmpty && rig.agent.placed.isEmpty && rig.agent.acknowledgements.isEmpty)
  }

  func act(
    _ rig: inout Rig, _ generator: inout Seeded, _ sequence: inout UInt32, _ step: Int,
    _ recent: inout [(at: Duration, head: String, body: String)]
  ) {
    let handle = CallHandle(number: UInt64.random(in: 1...UInt64(max(1, rig.agent.nextHandle)), using: &generator))
    switch Int.random(in: 0..<21, using: &generator) {
    case 0, 1:
      let head = Samples.invite.replacing("call-1", with: "call-\(step)").replacing("Kfirst", with: "K\(step)")
      let body = Bool.random(using: &generator) ? Samples.offer : ""
      recent = recent.suffix(3).filter { rig.now - $0.at < .seconds(20) } + [(rig.now, head, body)]
      rig.receive(head, body: body)
    case 2:
      // A branch is used again only while its transaction lives.
      guard let one = recent.randomElement(using: &generator), rig.now - one.at < .seconds(20) else { return }
      let cancels = Bool.random(using: &generator)
      rig.receive(cancels ? one.head.replacing("INVITE", with: "CANCEL") : one.head, body: cancels ? "" : one.body)
    case 3, 4: rig.command(.answer(handle, Rig.description))
    case 5: rig.command(.reject(handle, status: 486))
    case 6: rig.command(.hangUp(handle))
    case 7: rig.command(.refer(handle, to: "sip:a@192.0.2.3", timeout: .seconds(20)))
    case 8: rig.command(.acceptOffer(handle, Rig.description))
    case 9: rig.command(.rejectOffer(handle, status: 488))
    case 10, 11, 12:
      guard let dialog = rig.agent.dialog(of: handle) else { return }
      let methods: [SIPMethod] = [.ack, .ack, .invite, .bye, .info, .update, .notify, .options, .cancel]
      let method = methods.randomElement(using: &generator) ?? .ack
      sequence += method == .ack ? 0 : 1
      var request = rig.inDialog(
        method, method == .ack ? dialog.remoteSequence ?? 1 : sequence, branch: "s\(step)",
        body: Bool.random(using: &generator) ? Samples.offer : "")
      request.callID = dialog.callID
      request.to = dialog.local
      request.from = dialog.remote
      if method == .notify { request.headers.add(.event, "refer") }
      rig.receive(request)
      if Bool.random(using: &generator) { rig.receive(request) }
    case 13:
      guard let request = rig.requests.randomElement(using: &generator) else { return }
      var response = request.response(
        [100, 200, 202, 401, 481, 503].randomElement(using: &generator) ?? 200, toTag: "p")
      response.headers.add(.wwwAuthenticate, "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")
      rig.take(.received(.response(response), from: Rig.caller))
    case 14:
      guard let key = rig.sent.randomElement(using: &generator)?.key else { return }
      guard Int.random(in: 0..<4, using: &generator) == 0 else { return }
      // It ends the transaction, so that a repetition would rightly begin a new one.
      recent = []
      rig.take(.transportFailed(key))
    case 15, 16:
      let handle = rig.dial { $0.credentials = DialDigestTests.credentials }
      if Bool.random(using: &generator) { rig.command(.hangUp(handle)) }
    case 17, 18:
      guard let invite = rig.invites.suffix(4).randomElement(using: &generator) else { return }
      let status = [100, 180, 183, 200, 200, 302, 401, 422, 486, 487].randomElement(using: &generator) ?? 200
      let headers: [(HeaderName, String)] =
        status == 401 ? [(.wwwAuthenticate, DialDigestTests.challenge())] : [(.minSessionExpires, "600")]
      let tag = ["callee", "other"].randomElement(using: &generator)
      rig.callee(status, tag: tag, headers, body: Bool.random(using: &generator) ? Samples.offer : "", to: invite)
    case 19:
      guard var dialog = rig.agent.dialog(of: handle) else { return }
      dialog.callID += "-left\(step)"
      rig.command(.takeUp(rig.agent.newHandle(), dialog, Rig.local, patience: .seconds(4)))
    default: rig.pass(.milliseconds(Int.random(in: 1...9_000, using: &generator)))
    }
  }

  /// Never two different final answers in one transaction; after a BYE of ours no other request in its dialog; an ACK
  /// belongs to the response that it follows.
  func look(_ message: SIPMessage, _ watch: inout Watch) {
    switch message {
    case .response(let response) where response.isFinal:
      let key = "\(response.vias[0].branch ?? "") \(response.cseq) \(response.callID)"
      #expect(watch.finals[key, default: response.status] == response.status, "\(key)")
      watch.finals[key] = response.status
    case .request(let request) where request.method != .ack:
      let dialog = "\(request.callID) \(request.from.tag ?? "") \(request.to.tag ?? "")"
      if request.method == .bye { watch.byes.insert(dialog) } else { #expect(!watch.byes.contains(dialog)) }
    default: break
    }
  }

  /// One `ended` or `failed` for each call, and nothing about it afterwards.
  func look(_ notice: UserAgentNotice, _ watch: inout Watch) {
    switch notice {
    case .incoming(let handle, _): watch.begun.insert(handle)
    case .ended(let handle, _), .failed(let handle, _):
      #expect(!watch.ended.contains(handle))
      watch.ended.insert(handle)
    case .established(let handle, _), .ringing(let handle), .early(let handle, _), .offered(let handle, _),
      .offerSettled(let handle, _), .digit(let handle, _),
      .transferEnded(let handle, _), .transferProgress(let handle, _):
      if case .transferEnded(_, .unreachable) = notice { return }
      #expect(!watch.ended.contains(handle))
    default: break
    }
  }

  @Test func `mutated calls never trap`() throws {
    var generator = Seeded(9)
    var rig = Rig { $0.access.trustedRate = RequestRate(perSecond: 100_000, burst: 100_000) }
    let seeds = CallTests.answers.map { Samples.message($0.1, body: $0.2) }
    for _ in 0..<1_200 {
      let bytes = generator.mutated(seeds.randomElement(using: &generator) ?? [])
      do throws(SIPParseFailure) {
        rig.take(.received(try SIPParser().parse(bytes), from: Rig.caller))
      } catch { rig.take(.malformed(error, from: Rig.caller)) }
      rig.now += .milliseconds(1)
    }
    #expect(rig.agent.callCount <= 500 && rig.responses.count + rig.refused.count > 200)
  }
}
