import Core

@testable import Dialogue

/// The default patterns as `Sources/Dialogue/README.md` lays them down.
enum TestPatterns {
  static func all(_ profile: String) -> [Flow] { both + (profile == "c16" ? c16 : c13) }

  static let slots: [SlotDefinition] = [
    slot("language", by: .controlled),
    slot("consecutive_silence_timeouts", .float(minimum: nil, maximum: nil), by: .controlled),
    slot("max_clarification_options", .float(minimum: nil, maximum: nil), initial: .number(3), by: .controlled),
    slot("transfer_destination", by: .controlled), slot("transfer_outcome", by: .controlled),
    slot("continue_conversation", .bool), slot("value_is_right", .bool),
    slot("continue_interrupted_flow_confirmation", .bool), slot("interrupted_flow_to_continue"),
    slot("csat_score", .categorical(["1", "2", "3", "4", "5"])),
  ]

  static let responses: [ResponseName] = [
    "utter_boolean_slot_rejection", "utter_categorical_slot_rejection", "utter_float_slot_rejection",
    "utter_ask_value_is_right", "utter_read_back", "utter_how_can_i_help", "utter_goodbye", "utter_internal_error_rasa",
  ]

  private static let both: [Flow] = [
    flow("pattern_session_start", run("action_session_start"), run("utter_session_start")),
    flow(
      "pattern_collect_information",
      run(
        "action_run_slot_rejections", id: "start", .when("slots.{{context.collect}} is null", "ask"), .to("validate")),
      run(
        "validate_{{context.collect}}", id: "validate", .endWhen("slots.{{context.collect}} is not null"), .to("ask")),
      run("{{context.utter}}", id: "ask"), run("action_listen", id: "listen", .to("start"))),
    flow(
      "pattern_validate_slot",
      run(
        "action_run_slot_rejections", id: "start", .endWhen("slots.{{context.validate}} is not null"),
        .endWhen("context.refill_utter is null"), .to("ask")),
      run("{{context.refill_utter}}", id: "ask"), run("action_listen", id: "listen", .to("start"))),
    flow(
      "pattern_confirm_slot",
      ask(
        "value_is_right", id: "ask", utter: "{{context.utter}}", first: true, .when("slots.value_is_right", "keep"),
        .to("drop")),
      run("action_confirm_slot", id: "keep", .end), run("action_reject_slot", id: "drop", .end)),
    flow(
      "pattern_correction",
      run("action_correct_flow_slot", id: "correct", .endWhen("context.is_reset_only"), .to("say")),
      run("utter_corrected_previous_input", id: "say")),
    flow("pattern_cancel_flow", run("action_cancel_flow"), run("utter_flow_cancelled_rasa")),
    flow(
      "pattern_cannot_handle",
      branch(
        "start", .when("context.reason = 'cannot_handle_no_relevant_answer'", "no_answer"),
        .when("context.reason = 'cannot_handle_not_supported'", "out_of_scope"),
        .when("context.reason = 'cannot_handle_chitchat'", "out_of_scope"), .to("rephrase")),
      run("utter_ask_rephrase", id: "rephrase", .end), run("utter_cannot_handle", id: "out_of_scope", .end),
      run("utter_no_relevant_answer_found", id: "no_answer", .end)),
    flow("pattern_chitchat", run("utter_free_chitchat_response")),
    flow(
      "pattern_aside", branch("start", .when("context.aside = 'greeting'", "greeting"), .to("about")),
      run("utter_greeting", id: "greeting", .end), run("utter_about_assistant", id: "about", .end)),
    flow("pattern_search", run("utter_no_knowledge_base")),
    flow(
      "pattern_clarification", run("action_clarify_flows"), run("utter_clarification_options_rasa"),
      run("action_listen")),
    flow("pattern_skip_question", run("utter_skip_question_answer")),
    flow("pattern_repeat_bot_messages", run("action_repeat_bot_messages")),
    flow("pattern_restart", run("action_restart"), run("utter_how_can_i_help")),
    flow(
      "pattern_human_handoff", branch("start", .when("context.transfer_available", "announce"), .to("unavailable")),
      run("utter_human_handoff", id: "announce"),
      run("action_transfer", id: "transfer", .endWhen("slots.transfer_outcome = 'accepted'"), .to("failed")),
      run("utter_human_handoff_failed", id: "failed", .end),
      run("utter_human_handoff_not_available", id: "unavailable", .end)),
    flow("pattern_internal_error", run("utter_internal_error_rasa")),
    flow("pattern_code_change", run("action_clean_stack"), run("utter_inform_code_change")),
    flow("pattern_hold", run("utter_hold"), run("action_hold")),
    flow("pattern_goodbye", run("utter_goodbye"), run("action_hangup")),
  ]

  private static func silence(_ first: ActionName?) -> Flow {
    flow(
      "pattern_user_silence",
      branch(
        "start", .when("context.no_input_exhausted or slots.consecutive_silence_timeouts >= 3", "announce"),
        .when("slots.consecutive_silence_timeouts >= 2", "still_there"),
        first == nil ? .endWhen("context.collect is not null") : .to("guidance"), .to("guidance")),
      run(first ?? "utter_silence_guidance", id: "guidance", .end),
      run("utter_ask_still_there", id: "still_there", .end),
      run("utter_inform_hangup", id: "announce"), run("action_hangup", id: "hangup"))
  }

  private static let c13: [Flow] = [
    flow("pattern_completed", run("utter_can_do_something_else")),
    flow("pattern_continue_interrupted", run("utter_flow_continue_interrupted")),
    silence(nil),
  ]

  private static let c16: [Flow] = [
    flow(
      "pattern_completed",
      ask(
        "continue_conversation", id: "ask", first: true, .when("slots.continue_conversation", "help"), .to("closing")),
      run("utter_how_can_i_help", id: "help", .end), run("utter_closing", id: "closing"),
      link("pattern_customer_satisfaction")),
    flow(
      "pattern_customer_satisfaction", ask("csat_score", first: true), run("utter_thank_for_rating"),
      run("action_hangup")),
    flow(
      "pattern_continue_interrupted", branch("start", .when("context.multiple_flows_interrupted", "which"), .to("one")),
      ask(
        "continue_interrupted_flow_confirmation", id: "one", first: true,
        .when("slots.continue_interrupted_flow_confirmation", "resume"), .to("drop")),
      ask(
        "interrupted_flow_to_continue", id: "which", first: true,
        .when("slots.interrupted_flow_to_continue = 'none'", "drop"),
        .to("resume")), run("action_continue_interrupted_flow", id: "resume", .end),
      run("action_cancel_interrupted_flows", id: "drop", .end)),
    silence("action_repeat_bot_messages"),
  ]
}
