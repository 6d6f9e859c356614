import Core
import Rehearsal
import Testing

@Suite struct `Steps of a spoken line` {
  @Test(arguments: [
    ("- dtmf: \"2\"\n  assertions:\n  - flow_started: hours", true),
    (
      "- dtmf: \"1\"\n- user: two\n- dtmf: \"2\"\n  assertions:\n  - slot_was_set: [{name: seating, value: terrace}]",
      true
    ),
    (
      "- dtmf: \"1\"\n- user: two\n- dtmf: \"1\"\n  assertions:\n  - slot_was_set: [{name: seating, value: terrace}]",
      false
    ),
    ("- silence: 7s\n  assertions:\n  - flow_started: pattern_user_silence", true),
    ("- silence: 2s\n  assertions:\n  - flow_started: pattern_user_silence", false),
    ("- user: hours\n- heard: utter_hours\n- heard: from nine to five", true),
    ("- user: hours\n- heard: utter_booked", false),
    ("- user: hours\n  within_ms: 2000", true),
    ("- user: hours\n  within_ms: 100", false),
    ("- user: book\n- user: two\n- hangup: true\n  assertions:\n  - bot_did_not_utter: {text_matches: \".\"}", true),
    ("- hangup: true\n- user: hours", false),
    ("- silence: 7s\n- silence: 9s\n- silence: 9s\n- user: hours", false),
  ]) func `do what a caller does`(_ steps: String, _ holds: Bool) async throws {
    let result = try await Cafe.play(steps)
    #expect(result.status == (holds ? .passed : .failed), "\(TextReport.text(of: result))")
  }

  @Test func `an interruption cuts what the agent says`() async throws {
    let cut = try await Cafe.play(
      "- user: hours\n- user: book\n  barge_in_at: 200ms\n  assertions:\n  - flow_started: book")
    #expect(cut.status == .passed)
    #expect(cut.dialogue.contains { $0.detail == "utter_hours, cut short" }, "\(cut.dialogue)")
    let whole = try await Cafe.play("- user: hours\n- user: book")
    #expect(!whole.dialogue.contains { $0.detail.contains("cut") })
    let late = try await Cafe.play("- user: book\n- user: hours\n  barge_in_at: 30s\n- heard: utter_hours")
    #expect(late.status == .passed, "\(TextReport.text(of: late))")
  }

  @Test func `nobody can interrupt an agent that says nothing`() async throws {
    let result = try await Cafe.play("- silence: 1s\n- user: hours\n  barge_in_at: 200ms")
    #expect(result.status == .failed && result.failures.first?.key == "user")
    #expect(result.failures.first?.found == "the agent says nothing")
  }

  @Test func `doubt of the recogniser reaches the commands`() async throws {
    let doubted = try await Cafe.play(
      "- user: hours\n  asr_confidence: 0.2\n  assertions:\n  - flow_started: pattern_clarification")
    #expect(doubted.status == .passed, "\(TextReport.text(of: doubted))")
    #expect(try await Cafe.play("- user: hours\n  assertions:\n  - flow_started: hours").status == .passed)
  }

  @Test func `a slow action is waited for, and the wait is heard`() async throws {
    let slow = try await Cafe.play(
      "- user: all\n- user: yes\n  within_ms: 3000\n  assertions:\n  - bot_uttered: {utter_name: utter_please_wait}\n  - bot_uttered: {utter_name: utter_booked}",
      head: "stub_custom_actions: {book_table: {slots: {table: eight}, after: 2500ms}}\n")
    #expect(slow.status == .passed, "\(TextReport.text(of: slow))")
  }
}
