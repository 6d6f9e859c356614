import Core
import Rehearsal
import Testing

@Suite struct `Assertions` {
  private static let whole = "- user: book\n- user: two\n- user: outside\n- user: yes\n  assertions:\n"

  /// Steps, the assertion of the last one, and whether it holds.
  private static let table: [(String, String, Bool)] = [
    ("- user: book", "flow_started: book", true),
    ("- user: book", "flow_started: hours", false),
    ("- user: book", "flow_started: {operator: any, flow_ids: [hours, book]}", true),
    ("- user: book", "flow_started: {operator: all, flow_ids: [hours, book]}", false),
    ("- user: hours", "flow_started: {flow_ids: [hours, pattern_completed]}", true),
    ("- user: hours", "flow_completed: hours", true),
    ("- user: hours", "flow_completed: {flow_id: hours, flow_step_id: tell}", true),
    ("- user: hours", "flow_completed: {flow_id: hours, flow_step_id: say}", false),
    ("- user: book", "flow_completed: book", false),
    ("- user: book\n- user: two\n- user: stop", "flow_cancelled: book", true),
    ("- user: book\n- user: two\n- user: stop", "flow_cancelled: {flow_id: book, flow_step_id: seating}", true),
    ("- user: book\n- user: two\n- user: stop", "flow_cancelled: {flow_id: book, flow_step_id: guests}", false),
    ("- user: hours", "flow_cancelled: hours", false),
    ("- user: which", "pattern_clarification_contains: [book, hours]", true),
    ("- user: which", "pattern_clarification_contains: [hours]", true),
    ("- user: which", "pattern_clarification_contains: [hours, tables]", false),
    ("- user: book", "pattern_clarification_contains: [book]", false),
    ("- user: book\n- user: two", "slot_was_set: [{name: guests}]", true),
    ("- user: book\n- user: two", "slot_was_set: [{name: guests, value: 2}]", true),
    ("- user: book\n- user: two", "slot_was_set: [{name: guests, value: \"2.0\"}]", true),
    ("- user: book\n- user: two", "slot_was_set: [{name: guests, value: 3}]", false),
    ("- user: book\n- user: two", "slot_was_set: [{name: guests}, {name: seating}]", false),
    ("- user: book\n- user: nine", "slot_was_set: [{name: guests, value: null}]", true),
    ("- user: book\n- user: two", "slot_was_set: [{name: guests, value: null}]", false),
    ("- user: all\n- user: yes", "slot_was_set: [{name: seating, value: null}]", true),
    ("- user: book\n- user: two", "slot_was_not_set: [{name: seating}]", true),
    ("- user: book\n- user: two", "slot_was_not_set: [{name: guests}]", false),
    ("- user: book\n- user: two", "slot_was_not_set: [{name: guests, value: 3}]", true),
    ("- user: book\n- user: two", "slot_was_not_set: [{name: guests, value: 2}]", false),
    ("- user: all\n- user: yes", "action_executed: book_table", true),
    ("- user: all\n- user: no", "action_executed: book_table", false),
    ("- user: person", "action_executed: action_transfer", true),
    ("- user: book", "bot_uttered: {utter_name: utter_ask_guests}", true),
    ("- user: book", "bot_uttered: {utter_name: utter_ask_seating}", false),
    ("- user: book", "bot_uttered: {text_matches: \"how (many|few) people\"}", true),
    ("- user: book", "bot_uttered: {text_matches: \"^how many\"}", false),
    ("- user: book", "bot_uttered: {utter_name: utter_ask_guests, text_matches: terrace}", false),
    ("- user: book", "bot_did_not_utter: {utter_name: utter_ask_seating}", true),
    ("- user: book", "bot_did_not_utter: {utter_name: utter_ask_guests}", false),
    ("- user: book", "bot_did_not_utter: {text_matches: people}", false),
    ("- user: what", "flow_started: pattern_cannot_handle", true),
    ("- user: /SetSlots(guests=2)", "slot_was_set: [{name: guests}]", false),
    (
      "- user: book\n- user: /SetSlots(guests=2, seating=terrace)", "slot_was_set: [{name: seating, value: terrace}]",
      true
    ),
    ("- user: /hours", "flow_started: hours", true),
  ]

  @Test(arguments: table) func `hold and fail as they should`(_ steps: String, _ assertion: String, _ holds: Bool)
    async throws
  {
    let result = try await Cafe.play(steps + "\n  assertions:\n    - " + assertion)
    #expect(result.status == (holds ? .passed : .failed), "\(TextReport.text(of: result))")
    if !holds {
      #expect(result.failures.count == 1 && assertion.hasPrefix(result.failures[0].key))
      #expect(!result.failures[0].expected.isEmpty && !result.failures[0].found.isEmpty)
    }
  }

  @Test(arguments: [
    (
      "[{title: Inside, payload: /SetSlots(seating=inside)}, {title: Terrace, payload: /SetSlots(seating=terrace)}]",
      true
    ),
    ("[{title: Inside}, {title: Terrace}]", true),
    ("[{title: Terrace}, {title: Inside}]", false),
    ("[{title: Inside}]", false),
    ("[{title: Inside, payload: /SetSlots(seating=terrace)}, {title: Terrace}]", false),
  ]) func `look at buttons in their order`(_ buttons: String, _ holds: Bool) async throws {
    let result = try await Cafe.play(
      "- user: book\n- user: two\n  assertions:\n    - bot_uttered: {utter_name: utter_ask_seating, buttons: \(buttons)}",
      channel: .chat)
    #expect(result.status == (holds ? .passed : .failed))
  }

  @Test(arguments: [
    (["flow_started: hours", "bot_uttered: {utter_name: utter_hours}", "flow_completed: hours"], true),
    (["flow_completed: hours", "bot_uttered: {utter_name: utter_hours}"], false),
    (["bot_uttered: {utter_name: utter_hours}", "flow_started: hours"], false),
    (["flow_completed: hours", "flow_started: pattern_completed"], true),
  ]) func `hold in their order when it counts`(_ assertions: [String], _ holds: Bool) async throws {
    let list = assertions.map { "\n    - " + $0 }.joined()
    let ordered = try await Cafe.play("- user: hours\n  assertion_order_enabled: true\n  assertions:" + list)
    #expect(ordered.status == (holds ? .passed : .failed), "\(TextReport.text(of: ordered))")
    if !holds { #expect(ordered.failures.first?.expected.contains("after what is asserted before it") == true) }
    #expect(try await Cafe.play("- user: hours\n  assertions:" + list).status == .passed)
  }

  @Test func `that need a judge leave a case passed in part, and hide no failure`() async throws {
    let judged = "- user: hours\n  assertions:\n    - generative_response_is_relevant: {threshold: 0.9}\n"
    let part = try await Cafe.play(judged)
    #expect(part.status == .notJudged && part.remarks.first?.contains("judge") == true)
    #expect(try await Cafe.play(judged + "    - flow_started: book").status == .failed)
  }

  /// Classic steps: what must have happened in the turn before, in any order.
  @Test(arguments: [
    ("- utter: utter_session_start\n- user: hours\n- utter: utter_can_do_something_else\n- utter: utter_hours", true),
    ("- user: hours\n- utter: utter_booked", false),
    ("- user: hours\n- utter: utter_hours\n- utter: utter_hours", false),
    ("- user: hours\n- bot: We are  open from nine to five.", true),
    ("- user: hours\n- bot: We are open.", false),
    ("- bot: Welcome to the cafe. We record nothing.", true),
    ("- user: book\n- user: two\n- slot_was_set:\n  - guests\n  - guests: 2", true),
    ("- user: book\n- user: two\n- slot_was_set:\n  - guests: 3", false),
    ("- user: book\n- user: two\n- slot_was_not_set:\n  - seating", true),
    ("- user: book\n- user: two\n- slot_was_not_set:\n  - guests", false),
    ("- user: hours\n  assertions:\n  - flow_started: hours\n- utter: utter_booked", true),
  ]) func `of the older form are steps`(_ steps: String, _ holds: Bool) async throws {
    let result = try await Cafe.play(steps)
    #expect(result.status == (holds ? .passed : .failed), "\(TextReport.text(of: result))")
  }
}
