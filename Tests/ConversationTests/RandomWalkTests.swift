import Core
import ShopSupport
import TestSupport
import Testing
import Turns

@testable import Conversation

@Suite struct `Whatever happens` {
  struct Least: Sendable {
    var steps: Int
    var changes: Int
    var turns: Int
    var foreseen: Int
  }

  /// By telephone, and written by somebody who goes away and comes back, now and then by telephone.
  @Test(arguments: [
    (Channel.voice, Least(steps: 20_000, changes: 20, turns: 2_000, foreseen: 2_000)),
    (.chat, Least(steps: 5_000, changes: 5, turns: 500, foreseen: 500)),
  ])
  func `what must never be never is`(channel: Channel, least: Least) throws {
    var steps = 0
    var changes = 0
    var turns = 0
    var foreseen = 0
    var calls = 0
    var broken: [String] = []
    for seed in 1...150 {
      var caller = RandomCaller(seed: UInt64(seed), leaves: channel == .chat)
      var call = VirtualCall(
        Watched(
          Conversation(assistant: try Shop.assistant.get(), start: .example(channel: channel, seed: UInt64(seed)))))
      call.connect()
      if seed % 7 > 0 { call.wait(3_500) }
      for _ in 0..<120 where !call.isOver {
        caller.act(in: &call)
        if let sounding = call.line.sounding, call.machine.conversation.floor.agentUtterance != sounding {
          broken.append("\(sounding) sounds and is not known of, seed \(seed)")
        }
      }
      // Left alone, every call comes to an end of its own.
      call.synthesisTakes = 40
      call.hold(false)
      if !call.isOver { call.wait(35 * 60_000) }
      if call.machine.conversation.isSuspended { call.wait(15 * 86_400_000) }
      if !call.isOver, !call.machine.conversation.isOver { broken.append("seed \(seed) never ends") }
      broken += call.machine.broken.map { "seed \(seed): \($0)" }
      steps += call.machine.steps
      changes += call.machine.changes
      turns += call.machine.turnsEnded
      foreseen += call.machine.foreseen
      calls += 1
    }
    let first = broken.prefix(8).joined(separator: "\n")
    #expect(broken.isEmpty, "\(broken.count) broken, first:\n\(first)")
    #expect(
      steps > least.steps && changes > least.changes && turns > least.turns
        && foreseen > least.foreseen,
      "\(steps) steps, \(changes) changes, \(turns) turns, \(foreseen) foreseen")
  }
}
