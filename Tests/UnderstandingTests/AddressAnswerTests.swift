import Core
import Testing

@testable import Understanding

/// Addresses where one is asked for, and where one was read back: "12 Main Street, Springfield".
@Suite struct `What is said to an address` {
  func commands(_ state: CallState, _ text: String) async throws -> [Command] {
    let understander = try await Shared.ngrams.value
    return try await understander.understand(state.request(text), deadline: .unhurried).map(\.command)
  }

  @Test(arguments: [
    ("6 Rose Street, Bath", "6 Rose Street, Bath"), ("6 rose street bath", "6 rose street bath"),
    ("no, 6 Rose Street, Bath", "6 Rose Street, Bath"), ("21 Long Acre, London please", "21 Long Acre, London"),
    ("the house number is 8", "8 Main Street, Springfield"),
    ("yes, but with flat 3", "flat 3, 12 Main Street, Springfield"),
    ("make it 10", "10 Main Street, Springfield"), ("no, I meant 21 Long Acre", "21 Long Acre, Springfield"),
    ("no, the city is Bristol", "12 Main Street, Bristol"), ("Bristol, not Springfield", "12 Main Street, Bristol"),
    ("no, the number is 14", "14 Main Street, Springfield"),
  ])
  func `replaces it, or the part that is named`(_ text: String, _ address: String) async throws {
    let found = try await commands(.confirmAddress, text)
    #expect(found.contains(.setSlot("new_address", .text(address))), "\(found)")
  }

  @Test(arguments: [
    "6 Elm <b>Street</b>, Leeds", "6 Elm Street,\u{202E} Leeds\u{7}", "6 Elm Street, Leeds, if that's ok, thanks",
  ])
  func `is kept without signs and without what is no part of it`(_ text: String) async throws {
    #expect(try await commands(.address, text) == [.setSlot("new_address", .text("6 Elm Street, Leeds"))])
  }

  @Test(arguments: ["is it far?", "what address do you have?", "5 Oak Street Bath or 6 Elm Street Leeds"])
  func `is none where it is asked back, or two are said`(_ text: String) async throws {
    #expect(!(try await commands(.address, text)).contains { $0.slot == "new_address" })
  }

  @Test(arguments: ["no, the street is wrong", "the house number is wrong", "the city is not right"])
  func `asks for it anew where a part is wrong`(_ text: String) async throws {
    #expect(try await commands(.confirmAddress, text) == [.setSlot("new_address", nil)])
  }

  @Test(arguments: [
    "yes", "no", "one of them is wrong", "2 of these are wrong", "give me five more minutes",
    "what is the house number",
    "I have two questions", "yes, the city is right",
  ])
  func `leaves it where no other is said`(_ text: String) async throws {
    #expect(!(try await commands(.confirmAddress, text)).contains { $0.slot == "new_address" })
  }

  @Test(arguments: [
    "the address", "the same as before", "my new one", "the usual one", "at my office", "the house number is 8",
  ])
  func `is no address where words only point to one`(_ text: String) async throws {
    #expect(!(try await commands(.address, text)).contains { $0.slot == "new_address" })
  }

  @Test(arguments: [
    ("5 Oak Street Bath and also tell me where my order is", "5 Oak Street Bath"),
    ("5 Oak Street, Bath, and where is my order", "5 Oak Street, Bath"),
  ])
  func `may end with another wish`(_ text: String, _ address: String) async throws {
    let found = try await commands(.address, text)
    #expect(found.contains(.setSlot("new_address", .text(address))))
    #expect(found.contains(.startFlow("order_status")))
  }

  @Test(arguments: [
    ("change the address for 20581637 to 6 Rose Street Bath", "20581637", "6 Rose Street Bath"),
    ("my new address is 9 Station Road York and the order is 20581637", "20581637", "9 Station Road York"),
    ("please send order 20581637 to flat 2, 14 Mill Lane, Leeds", "20581637", "flat 2, 14 Mill Lane, Leeds"),
    ("change my address to 22 Baker Street London for order 20581637", "20581637", "22 Baker Street London"),
  ])
  func `is read beside a number in one wish`(_ text: String, _ number: String, _ address: String) async throws {
    let found = try await commands(.idle, text)
    #expect(found.first == .startFlow("change_address"))
    #expect(found.contains(.setSlot("order_number", .text(number))))
    #expect(found.contains(.setSlot("new_address", .text(address))), "\(found)")
  }
}
