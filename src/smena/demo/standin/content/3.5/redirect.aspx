<%@ Page Language="C#" %><% Response.Redirect("/"); %><%-- stand-in --%>
