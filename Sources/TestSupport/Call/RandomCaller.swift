import Core

/// A caller, a line and a back end that do anything at all, by a seed.
public struct RandomCaller {
  private var state: UInt64
  /// Whether the caller goes away now and then, and comes back on another line.
  private let leaves: Bool

  /// A caller; equal seeds do the same.
  public init(seed: UInt64, leaves: Bool = false) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    self.leaves = leaves
  }

  /// A number from 0, below a bound.
  public mutating func number(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(1, bound)))
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[number(below: values.count)] }

  /// Does the next thing.
  public mutating func act<Machine>(in call: inout VirtualCall<Machine>) {
    arrange(&call)
    if leaves, number(below: 16) == 0 { return leave(&call) }
    switch number(below: 24) {
    case 0..<7: speak(in: &call)
    case 7..<10:
      call.press(pick(["1", "2", "0", "*", "#", "4", ShopTable.shipped, ShopTable.processing, "1047", "99"]))
    case 10..<17: call.wait(number(below: 4_000))
    case 17: call.wait(number(below: 20_000))
    case 18: call.hold(number(below: 3) == 0)
    case 19: call.give(.partial(call.heard("so far", pick([.content, .interruption, .backchannel, .empty]))))
    case 20: makeNoise(in: &call)
    case 21: confirm(in: &call)
    default: surprise(&call)
    }
  }

  /// How the outside behaves until the next time.
  private mutating func arrange<Machine>(_ call: inout VirtualCall<Machine>) {
    call.understandingTakes = pick([30, 30, 30, 800, 2_400, nil])
    call.synthesisTakes = pick([40, 40, 40, 40, 40, 40, 2_000, 9_000, number(below: 6) == 0 ? nil : 40])
    let (lasts, goes) = (pick([50, 50, 700, 3_000, 12_000]), number(below: 8))
    call.tools = { invocation in
      switch goes {
      case 0: nil
      case 1: (.failed(.timedOut), lasts)
      case 2: invocation.changesState ? (.unknown, lasts) : (.refused("order_not_found"), lasts)
      default: (ShopTable.answer(invocation), lasts)
      }
    }
    let outcome = pick([TransferOutcome.busy, .declined, .noAnswer, .unreachable, .busy, .declined, .accepted])
    call.transfers = { _ in goes == 0 ? nil : (outcome, lasts) }
  }

  private mutating func speak<Machine>(in call: inout VirtualCall<Machine>) {
    let kind = pick([Heard.Kind.content, .content, .content, .interruption, .backchannel, .empty])
    call.say(
      "some words", kind, pick([.complete, .open, .incomplete]), for: 200 + number(below: 1_500),
      meaning: meaning(&call), sure: Confidence(permille: pick([1_000, 1_000, 700, 300])))
  }

  private mutating func meaning<Machine>(_ call: inout VirtualCall<Machine>) -> [Command] {
    let order = SlotValue.sensitive(
      call.sensitive(pick([ShopTable.shipped, ShopTable.processing, "11112222", "12"]), .identifier))
    let address = SlotValue.sensitive(call.sensitive("5 New Street", .address))
    let date = SlotValue.text(pick(["2030-05-20", "2030-05-02", "soon"]))
    switch number(below: 20) {
    case 0: return [.startFlow("order_status")]
    case 1: return [.startFlow("order_status"), .setSlot("order_number", order)]
    case 2, 3:
      return [.startFlow("change_address"), .setSlot("order_number", order), .setSlot("new_address", address)]
    case 4: return [.startFlow("move_delivery"), .setSlot("order_number", order), .setSlot("new_date", date)]
    case 5: return [.startFlow("open_case"), .setSlot("order_number", order)]
    case 6: return [.setSlot("order_number", order)]
    case 7: return [.setSlot("new_address", address), .setSlot("address_confirmed", .bool(true))]
    case 8: return [.setSlot("case_summary", .sensitive(call.sensitive("it broke", .personal)))]
    case 9..<14: return [.answer(number(below: 4) > 0)]
    case 14: return pick([[.cancelFlow], [.humanHandoff], [.hold], [.goodbye], [.restart]])
    case 15: return pick([[.repeatLast], [.chitchat], [.aside(pick(Aside.allCases))], [.skipQuestion], [.search]])
    case 16: return [.clarify(["order_status", "move_delivery"])]
    case 17: return [.cannotHandle(pick([.notUnderstood, .outOfScope, .engineFailed]))]
    case 18 where number(below: 2) == 0:
      let part = pick(["", "1047", "104738291"])
      return [
        .holdPart("order_number", .sensitive(call.sensitive(part, .identifier)), count: part.utf8.count)
      ]
    case 18: return [.setSlot(pick(["nothing", "callback_number", "wants_callback"]), .text("7654321"))]
    default: return []
    }
  }

  /// A change, asked for and confirmed at leisure; what the outside does is as arranged.
  private mutating func confirm<Machine>(in call: inout VirtualCall<Machine>) {
    let order = SlotValue.sensitive(call.sensitive(ShopTable.processing, .identifier))
    let address = SlotValue.sensitive(call.sensitive("5 New Street", .address))
    call.say(
      "another address", .content, .complete,
      meaning: [.startFlow("change_address"), .setSlot("order_number", order), .setSlot("new_address", address)])
    call.wait(6_000)
    call.say("yes", .content, .complete, meaning: [.answer(true)])
    call.wait(number(below: 3_000))
  }

  /// Voice whose words, or whose end, never come.
  private mutating func makeNoise<Machine>(in call: inout VirtualCall<Machine>) {
    call.give(.speechStarted(at: call.now))
    call.wait(number(below: 2_000))
    if number(below: 3) > 0 { call.give(.speechEnded(at: call.now)) }
  }

  /// Goes away, and comes back after a while.
  private mutating func leave<Machine>(_ call: inout VirtualCall<Machine>) {
    call.give(.hungUp(by: pick([.caller, .line])))
    guard !call.isOver else { return }
    call.wait(number(below: 20_000))
    call.give(
      .attached(
        Attachment(
          call: "other", leg: "other", channel: pick([.chat, .chat, .chat, .voice]), calledAddress: "100",
          utcOffsetSeconds: 3_600)))
    call.wait(number(below: 4_000))
  }

  /// What nobody waits for.
  private mutating func surprise<Machine>(_ call: inout VirtualCall<Machine>) {
    let effect = EffectID(number(below: 6))
    let utterance = UtteranceID(number(below: 12))
    let events: [CallEvent] = [
      .connected, .finished(.tool(effect), .tool(pick([.unknown, .completed([:]), .failed(.unreachable)]))),
      .finished(.transfer(effect), .transfer(.busy)),
      .finished(.understanding(TurnNumber(number(below: 9))), .understood([])),
      .timerFired(
        pick([
          .hangUp, .silence(1), .endOfTurn(TurnNumber(2)), .work(.tool(effect)), .meanwhile(.tool(effect), 1),
        ])),
      .playback(
        Playback(utterance: UtteranceID(utterance.rawValue + 500), state: pick([.started, .finished, .failed]))),
      .engine(pick([.recognizer, .synthesizer]), isWorking: number(below: 2) == 0), .identified(pick(["ada", "bob"])),
      .message(call.heard("written", meaning: [.startFlow("order_status")])),
      .speechEnded(at: call.now), .transcript(call.heard("late words", .content, .complete)),
    ]
    if number(below: 60) == 0 { call.give(.hungUp(by: .caller)) } else { call.give(pick(events)) }
  }
}
