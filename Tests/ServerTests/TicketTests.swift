import Core
import Storage
import Testing

@testable import Server

@Suite struct `A ticket to go on with a conversation` {
  private let tickets = ResumptionTickets(.ephemeral())

  @Test func `names it, and is read by whoever has the key`() {
    let ticket = tickets.ticket(for: "c1wgs2olhfw84halg4v4w96qtv")
    #expect(ticket.hasPrefix("c1wgs2olhfw84halg4v4w96qtv-") && ticket.utf8.count == 27 + 32)
    #expect(tickets.conversation(of: ticket) == "c1wgs2olhfw84halg4v4w96qtv")
    #expect(ResumptionTickets(.ephemeral()).conversation(of: ticket) == nil)
  }

  @Test func `with any octet changed, cut or prolonged is none`() {
    let ticket = Array(tickets.ticket(for: "c1-2").utf8)
    for place in ticket.indices {
      for other in Array("0a-~".utf8) where ticket[place] != other {
        var forged = ticket
        forged[place] = other
        #expect(tickets.conversation(of: String(decoding: forged, as: UTF8.self)) == nil)
      }
      #expect(tickets.conversation(of: String(decoding: ticket[..<place], as: UTF8.self)) == nil)
    }
    for text in ["", "-", "c1-2", "c1-2-", String(decoding: ticket, as: UTF8.self) + "0", "--------"] {
      #expect(tickets.conversation(of: text) == nil, "\(text)")
    }
  }
}
