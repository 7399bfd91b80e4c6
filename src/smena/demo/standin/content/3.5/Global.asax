<%@ Application Language="C#" %><%-- stand-in --%>
